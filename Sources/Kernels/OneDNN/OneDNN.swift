internal import COneDNN

/// oneDNN's engine and stream: the processor, with one thread a call.
///
/// Parallelism is dlrun's own (slices of the batch on its workers), so that results do not depend on the number of
/// threads. Both handles are made once, may be used from any thread, and live as long as the process.
@safe
final class OneDNN: @unchecked Sendable {
  let engine: dnnl_engine_t
  let stream: dnnl_stream_t

  private init() throws(KernelError) {
    var engine: dnnl_engine_t?
    try unsafe check("create the engine", dnnl_engine_create(&engine, dnnl_cpu, 0))
    guard let engine = unsafe engine else { throw KernelError("oneDNN gave no engine") }
    var stream: dnnl_stream_t?
    try unsafe check(
      "create the stream",
      dnnl_stream_create(&stream, engine, UInt32(dnnl_stream_default_flags.rawValue)))
    guard let stream = unsafe stream else { throw KernelError("oneDNN gave no stream") }
    unsafe self.engine = engine
    unsafe self.stream = stream
  }

  /// The process's one, or why it could not be made.
  private static let made = Result { () throws(KernelError) in try OneDNN() }

  static func shared() throws(KernelError) -> OneDNN { try made.get() }
}

/// Every status of oneDNN goes through here.
///
/// - Throws: ``KernelError`` naming the action and oneDNN's status, unless it is success.
func check(_ action: String, _ status: dnnl_status_t) throws(KernelError) {
  guard status != dnnl_success else { return }
  let reason =
    switch status {
    case dnnl_out_of_memory: "out of memory"
    case dnnl_invalid_arguments: "invalid arguments"
    case dnnl_unimplemented: "not implemented for these operands"
    case dnnl_runtime_error: "runtime error"
    default: "status \(status.rawValue)"
    }
  throw KernelError("oneDNN could not \(action): \(reason)")
}

/// Elements that `bytes` take.
func elementCount(_ bytes: Int) -> Int {
  (bytes + MemoryLayout<Float>.stride - 1) / MemoryLayout<Float>.stride
}

/// Keeps oneDNN's own threads out of the calling thread's work: every worker calls it once.
package func useOneThreadInOneDNN() { dl_use_one_thread() }
