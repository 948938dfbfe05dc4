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

/// Owns a memory descriptor.
@safe
final class Layout: @unchecked Sendable {
  let handle: dl_layout_t

  /// A matrix whose element (r, c) stands at r·rowStride + c·columnStride.
  ///
  /// - Throws: ``KernelError`` for extents that oneDNN refuses.
  init(rows: Int, columns: Int, rowStride: Int, columnStride: Int) throws(KernelError) {
    var handle: dl_layout_t?
    try unsafe check(
      "describe a \(rows)x\(columns) matrix",
      dl_layout_create(
        &handle, dnnl_dim_t(rows), dnnl_dim_t(columns), dnnl_dim_t(rowStride),
        dnnl_dim_t(columnStride)))
    guard let handle = unsafe handle else { throw KernelError("oneDNN gave no descriptor") }
    unsafe self.handle = handle
  }

  /// A tensor of the extents `axes`.
  ///
  /// - Parameter layout: nil leaves it to the primitive.
  /// - Throws: ``KernelError`` for extents that oneDNN refuses.
  init(_ axes: [Int], _ layout: TensorLayout?) throws(KernelError) {
    let order =
      switch layout {
      case .plain: dl_plain
      case .channelsLast: dl_channels_last
      case .blocked: dl_blocked
      case nil: dl_any
      }
    var handle: dl_layout_t?
    try unsafe check(
      "describe a tensor of \(axes.map(String.init).joined(separator: "x"))",
      dl_tensor_create(&handle, Int32(axes.count), axes.map { dnnl_dim_t($0) }, order))
    guard let handle = unsafe handle else { throw KernelError("oneDNN gave no descriptor") }
    unsafe self.handle = handle
  }

  var constant: dl_const_layout_t { unsafe dl_const_layout_t(handle) }

  deinit { unsafe dl_layout_destroy(handle) }
}

/// A layout that a primitive chose, for comparison; it keeps the primitive alive that owns it.
@safe
final class PackedLayout: @unchecked Sendable {
  private let primitive: Primitive
  let handle: dl_const_layout_t

  init(_ primitive: Primitive, _ handle: dl_const_layout_t) {
    self.primitive = primitive
    unsafe self.handle = handle
  }

  /// Elements that a tensor of the layout takes, padding included.
  var count: Int { elementCount(unsafe dl_layout_bytes(handle)) }

  func isEqual(to other: PackedLayout) -> Bool {
    unsafe dnnl_memory_desc_equal(handle, other.handle) != 0
  }
}

/// Elements that `bytes` take.
func elementCount(_ bytes: Int) -> Int {
  (bytes + MemoryLayout<Float>.stride - 1) / MemoryLayout<Float>.stride
}

/// Owns a primitive and its descriptor; both may be used by several threads at once.
@safe
final class Primitive: @unchecked Sendable {
  let descriptor: dnnl_primitive_desc_t
  let handle: dnnl_primitive_t

  /// - Parameter makeDescriptor: fills in the descriptor that the primitive is made from.
  init(
    _ action: String,
    makeDescriptor: (inout dnnl_primitive_desc_t?) -> dnnl_status_t
  ) throws(KernelError) {
    var descriptor: dnnl_primitive_desc_t?
    try unsafe check(action, makeDescriptor(&descriptor))
    guard let descriptor = unsafe descriptor else { throw KernelError("oneDNN gave no descriptor") }
    var handle: dnnl_primitive_t?
    let status = unsafe dnnl_primitive_create(&handle, descriptor)
    guard status == dnnl_success, let handle = unsafe handle else {
      unsafe dnnl_primitive_desc_destroy(descriptor)
      try check(action, status)
      throw KernelError("oneDNN gave no primitive")
    }
    unsafe self.descriptor = descriptor
    unsafe self.handle = handle
  }

  deinit {
    unsafe dnnl_primitive_destroy(handle)
    unsafe dnnl_primitive_desc_destroy(descriptor)
  }

  /// oneDNN's name of the kernel behind it.
  var implementation: String { unsafe String(cString: dl_implementation(descriptor)) }

  /// Elements of scratch memory that a run needs.
  var scratchCount: Int {
    elementCount(unsafe dl_layout_bytes(dl_scratchpad_layout(descriptor)))
  }
}

/// A primitive with all its operands: the kernel that a plan calls.
@safe
final class PrimitiveKernel: Kernel, @unchecked Sendable {
  private let primitive: Primitive
  private let stream: dnnl_stream_t
  private let arguments: UnsafeMutableBufferPointer<dnnl_exec_arg_t>

  /// - Parameter operands: oneDNN's argument numbers with layout and memory, whose extent the caller has checked:
  ///   oneDNN's own size of a strided matrix counts a gap after its last row, where there may be no memory.
  /// - Throws: ``KernelError`` if oneDNN refuses an operand.
  init(
    _ primitive: Primitive,
    _ operands: [(argument: Int32, layout: dl_const_layout_t, view: FloatView)]
  ) throws(KernelError) {
    let oneDNN = try OneDNN.shared()
    self.primitive = primitive
    unsafe stream = oneDNN.stream
    unsafe arguments = .allocate(capacity: operands.count)
    unsafe arguments.initialize(repeating: dnnl_exec_arg_t())
    for index in unsafe operands.indices {
      let operand = unsafe operands[index]
      var memory: dnnl_memory_t?
      let status = unsafe dnnl_memory_create(
        &memory, operand.layout, oneDNN.engine, operand.view.address)
      unsafe arguments[index] = dnnl_exec_arg_t(arg: operand.argument, memory: memory)
      try check("bind an operand", status)
    }
  }

  deinit {
    for index in unsafe arguments.indices { unsafe dnnl_memory_destroy(arguments[index].memory) }
    unsafe arguments.deallocate()
  }

  /// Puts an operand, counted in the order of `init`, at the beginning of other memory.
  ///
  /// - Parameter view: of the extent that the caller has checked, as for `init`.
  func move(_ operand: Int, to view: FloatView) {
    let status = unsafe dnnl_memory_set_data_handle(arguments[operand].memory, view.address)
    precondition(status == dnnl_success, "an operand of a oneDNN primitive did not move")
  }

  /// A primitive was checked when it was made; its status can then only be success.
  func run() {
    let status = unsafe dnnl_primitive_execute(
      primitive.handle, stream, Int32(arguments.count), arguments.baseAddress)
    precondition(status == dnnl_success, "a prepared oneDNN primitive did not run")
  }
}

/// Keeps oneDNN's own threads out of the calling thread's work: every worker calls it once.
package func useOneThreadInOneDNN() { dl_use_one_thread() }
