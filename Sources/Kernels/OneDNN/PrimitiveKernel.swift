internal import COneDNN

/// A oneDNN primitive with its operands, the kernel that a plan calls.
@safe
final class PrimitiveKernel: Kernel, @unchecked Sendable {
  private let primitive: Primitive
  private let stream: dnnl_stream_t
  private let arguments: UnsafeMutableBufferPointer<dnnl_exec_arg_t>

  /// Binds the operands.
  ///
  /// The caller checks the extents of the memory. oneDNN's size of a strided matrix includes the
  /// gap after its last row, where memory may end.
  ///
  /// - Parameter operands: oneDNN's argument numbers with layout and memory.
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

  /// Moves an operand to other memory.
  ///
  /// - Parameters:
  ///   - operand: the index of the operand in the array of `init`.
  ///   - view: memory whose extent the caller has checked, as for `init`.
  func move(_ operand: Int, to view: FloatView) {
    let status = unsafe dnnl_memory_set_data_handle(arguments[operand].memory, view.address)
    precondition(status == dnnl_success, "oneDNN refused to move an operand")
  }

  /// The creation of the primitive checked everything. Only success can follow.
  func run() {
    let status = unsafe dnnl_primitive_execute(
      primitive.handle, stream, Int32(arguments.count), arguments.baseAddress)
    precondition(status == dnnl_success, "oneDNN failed to run a prepared primitive")
  }
}
