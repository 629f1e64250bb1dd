// What llama.cpp makes of a model, for comparison with our own engine: tokens, logits, greedy answers, other tensor
// types. Built by `bin/setup --oracles` against the library of the PyPI package llama-cpp-python.
//
//   probe MODEL tokenize            texts on stdin, each ended by a zero byte; a line of ids for each on stdout
//   probe MODEL tokenize-special    the same, with special tokens read as such and begin and end added as the file says
//   probe MODEL logits OUT [LORA]   lines of ids on stdin; OUT gets, for each line: count and vocabulary as int32, then
//                                   the float32 logits after each token of the line; with an adapter, when one is named
//   probe MODEL greedy N            lines of ids on stdin; for each a line of at most N pairs `id:margin`, where the
//                                   margin is the distance between the two best logits
//   probe MODEL quantize OUT TYPE   writes the model with its matrices in a type by llama.cpp's number (llama_ftype)
#include "llama.h"
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace {

std::vector<llama_token> read_ids(const std::string &line) {
    std::istringstream words(line);
    std::vector<llama_token> ids;
    for (llama_token id; words >> id;) ids.push_back(id);
    return ids;
}

[[noreturn]] void fail(const std::string &what) {
    std::cerr << "probe: " << what << "\n";
    std::exit(1);
}

void tokenize(const llama_model *model, bool special) {
    const llama_vocab *vocab = llama_model_get_vocab(model);
    const std::string input((std::istreambuf_iterator<char>(std::cin)), std::istreambuf_iterator<char>());
    size_t start = 0;
    while (start < input.size()) {
        const size_t end = std::min(input.find('\0', start), input.size());
        std::vector<llama_token> ids(2 * (end - start) + 16);
        const int count = llama_tokenize(vocab, input.data() + start, int(end - start), ids.data(), int(ids.size()), special, special);
        if (count < 0) fail("a text has more tokens than expected");
        for (int i = 0; i < count; i++) std::cout << (i ? " " : "") << ids[i];
        std::cout << "\n";
        start = end + 1;
    }
}

// One context, used for one line of ids after the other.
struct Reader {
    llama_context *context;
    int vocabulary;

    explicit Reader(llama_model *model) {
        llama_context_params params = llama_context_default_params();
        params.n_ctx = std::min(llama_model_n_ctx_train(model), 4096);
        params.n_batch = params.n_ubatch = params.n_ctx;
        params.n_threads = params.n_threads_batch = 1;
        // One way of computing attention, so that a run can be repeated.
        params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
        context = llama_init_from_model(model, params);
        if (!context) fail("no context");
        vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model));
    }
    ~Reader() { llama_free(context); }

    void begin() { llama_memory_clear(llama_get_memory(context), true); }

    void run(const std::vector<llama_token> &ids, int position, bool all) {
        llama_batch batch = llama_batch_init(int(ids.size()), 0, 1);
        for (size_t i = 0; i < ids.size(); i++) {
            batch.token[i] = ids[i];
            batch.pos[i] = position + int(i);
            batch.n_seq_id[i] = 1;
            batch.seq_id[i][0] = 0;
            batch.logits[i] = all || i + 1 == ids.size();
        }
        batch.n_tokens = int(ids.size());
        if (llama_decode(context, batch) != 0) fail("llama_decode");
        llama_batch_free(batch);
    }
};

void logits(llama_model *model, const char *path, const char *adapter_path) {
    std::ofstream out(path, std::ios::binary);
    Reader reader(model);
    if (adapter_path) {
        llama_adapter_lora *adapter = llama_adapter_lora_init(model, adapter_path);
        if (!adapter) fail(std::string("cannot load ") + adapter_path);
        float scale = 1;
        if (llama_set_adapters_lora(reader.context, &adapter, 1, &scale) != 0) fail("llama_set_adapters_lora");
    }
    for (std::string line; std::getline(std::cin, line);) {
        const std::vector<llama_token> ids = read_ids(line);
        if (ids.empty()) continue;
        reader.begin();
        reader.run(ids, 0, true);
        const int shape[2] = {int(ids.size()), reader.vocabulary};
        out.write(reinterpret_cast<const char *>(shape), sizeof shape);
        for (int i = 0; i < shape[0]; i++) {
            out.write(reinterpret_cast<const char *>(llama_get_logits_ith(reader.context, i)), sizeof(float) * shape[1]);
        }
    }
}

void greedy(llama_model *model, int most) {
    const llama_vocab *vocab = llama_model_get_vocab(model);
    Reader reader(model);
    for (std::string line; std::getline(std::cin, line);) {
        std::vector<llama_token> ids = read_ids(line);
        if (ids.empty()) continue;
        int position = 0;
        reader.begin();
        for (int step = 0; step < most; step++) {
            reader.run(ids, position, false);
            position += int(ids.size());
            const float *row = llama_get_logits_ith(reader.context, -1);
            int best = 0, second = -1;
            for (int id = 1; id < reader.vocabulary; id++) {
                if (row[id] > row[best]) {
                    second = best;
                    best = id;
                } else if (second < 0 || row[id] > row[second]) {
                    second = id;
                }
            }
            std::printf("%s%d:%.6f", step ? " " : "", best, row[best] - row[second]);
            if (llama_vocab_is_eog(vocab, best)) break;
            ids = {best};
        }
        std::printf("\n");
    }
}

} // namespace

int main(int count, char **words) {
    if (count < 3) fail("usage: probe MODEL tokenize|tokenize-special|logits OUT [LORA]|greedy N|quantize OUT TYPE");
    const std::string what = words[2];
    llama_log_set([](ggml_log_level, const char *, void *) {}, nullptr);
    llama_backend_init();
    if (what == "quantize" && count == 5) {
        llama_model_quantize_params params = llama_model_quantize_default_params();
        params.ftype = llama_ftype(std::atoi(words[4]));
        params.nthread = 1;
        params.allow_requantize = true;
        params.pure = true;
        if (llama_model_quantize(words[1], words[3], &params) != 0) fail("llama_model_quantize");
        return 0;
    }
    llama_model_params params = llama_model_default_params();
    params.vocab_only = what == "tokenize" || what == "tokenize-special";
    llama_model *model = llama_model_load_from_file(words[1], params);
    if (!model) fail(std::string("cannot load ") + words[1]);
    if (params.vocab_only) {
        tokenize(model, what == "tokenize-special");
    } else if (what == "logits" && (count == 4 || count == 5)) {
        logits(model, words[3], count == 5 ? words[4] : nullptr);
    } else if (what == "greedy" && count == 4) {
        greedy(model, std::atoi(words[3]));
    } else {
        fail("unknown: " + what);
    }
    llama_model_free(model);
}
