internal import COneDNN

/// oneDNN's engine and stream for the processor, with one thread per call.
///
/// dlrun's workers compute slices of the batch in parallel, so that results do not depend on the
/// number of threads. The process creates both handles once, and any thread may use them.
@safe
final class OneDNN: @unchecked Sendable {
  let engine: dnnl_engine_t
  let stream: dnnl_stream_t

  private init() throws(KernelError) {
    var engine: dnnl_engine_t?
    try unsafe check("create the engine", dnnl_engine_create(&engine, dnnl_cpu, 0))
    guard let engine = unsafe engine else { throw KernelError("oneDNN returned no engine") }
    var stream: dnnl_stream_t?
    try unsafe check(
      "create the stream",
      dnnl_stream_create(&stream, engine, UInt32(dnnl_stream_default_flags.rawValue)))
    guard let stream = unsafe stream else { throw KernelError("oneDNN returned no stream") }
    unsafe self.engine = engine
    unsafe self.stream = stream
  }

  /// The shared instance, or the error of its creation.
  private static let made = Result { () throws(KernelError) in try OneDNN() }

  static func shared() throws(KernelError) -> OneDNN { try made.get() }
}

/// Throws unless a oneDNN call succeeded. Every status passes through this function.
///
/// - Throws: ``KernelError`` that names the action and oneDNN's status.
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

/// Returns the number of elements that `bytes` need.
func elementCount(_ bytes: Int) -> Int {
  (bytes + MemoryLayout<Float>.stride - 1) / MemoryLayout<Float>.stride
}

/// Restricts oneDNN to the calling thread. Every worker calls this once.
package func useOneThreadInOneDNN() { dl_use_one_thread() }
