import Files

/// A safetensors file; what is read is read again from what is written of it, with its bits.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  // Read where it is none of the format's own types, too.
  _ = try? Safetensors(bytes, name: "fuzz", reading: { _, _ in false })
  guard let file = try? Safetensors(bytes, name: "fuzz") else { return 0 }
  do {
    let again = try Safetensors(
      Safetensors(file.tensors, metadata: file.metadata).bytes, name: "again")
    precondition(again.metadata == file.metadata, "other metadata were read again")
    precondition(again.tensors.map(\.name) == file.tensors.map(\.name), "other names")
    for (first, second) in zip(file.tensors, again.tensors) {
      precondition(first.shape == second.shape, "another shape was read again")
      precondition(
        first.values.map(\.bitPattern) == second.values.map(\.bitPattern), "other values")
    }
  } catch {
    preconditionFailure("what was written is refused: \(error)")
  }
  return 0
}
