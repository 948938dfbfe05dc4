import Files
import Tensors

/// Reads a safetensors file, writes it, and reads the result. The bits must be the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  // Reads the file without its tensors, which also covers types that dlrun does not read.
  _ = try? Safetensors(bytes, name: "fuzz", reading: { _, _ in false })
  guard let file = try? Safetensors(bytes, name: "fuzz") else { return 0 }
  do {
    let again = try Safetensors(
      Safetensors(file.tensors, metadata: file.metadata).bytes, name: "again")
    precondition(again.metadata == file.metadata, "the metadata differ after reading")
    precondition(
      again.tensors.map(\.name) == file.tensors.map(\.name), "the names differ after reading")
    for (first, second) in zip(file.tensors, again.tensors) {
      precondition(first.shape == second.shape, "a shape differs after reading")
      precondition(
        first.values.map(\.bitPattern) == second.values.map(\.bitPattern),
        "the values differ after reading")
    }
  } catch {
    preconditionFailure("the written file is refused: \(error)")
  }
  return 0
}
