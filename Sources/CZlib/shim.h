// zlib: deflate for the bodies of captured requests, CRC-32 for finding what a crash tore.
#include <zlib.h>
