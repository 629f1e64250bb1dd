import ControlPlane
import ServiceLifecycle

/// Hears first that the process is to stop, and tells the control plane before connections are drained.
struct StopNotice: Service {
    let plane: ControlPlane

    func run() async throws {
        try await gracefulShutdown()
        plane.prepareToStop()
    }
}
