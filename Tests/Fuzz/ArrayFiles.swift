import CZlib
import DataFiles
import DataSources
import Glibc
import Tensors

/// Reads IDX and NumPy files, plain and gzip: inputs, and optionally targets.
///
/// The bits of the first byte select the form: bit 0 NumPy, bit 1 no targets, bit 2 numeric
/// targets, bit 3 a gzip stream around the inputs, bit 4 an archive with the array `x`. The gzip stream is
/// valid, but its content is arbitrary. The second byte is the length of the inputs in units of 16 bytes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  guard bytes.count >= 2 else { return 0 }
  let (choice, length) = (bytes[0], min(Int(bytes[1]) * 16, bytes.count - 2))
  let inputs = Array(bytes[2..<2 + length])
  Files.shared.write(choice & 8 == 0 ? inputs : gzip(inputs), to: Files.shared.inputs)
  Files.shared.write(Array(bytes[(2 + length)...]), to: Files.shared.targets)
  let targets = choice & 2 == 0 ? NamedFiles(path: Files.shared.targets) : nil
  let context = DataContext(directory: "", seed: 1, phase: .train)
  let source: any DataSource
  if choice & 1 == 0 {
    var idx = IDX()
    (idx.images, idx.labels) = (NamedFiles(path: Files.shared.inputs), targets)
    source = idx
  } else {
    var npy = NPY()
    (npy.inputs, npy.targets) = (NamedFiles(path: Files.shared.inputs), targets)
    if choice & 16 != 0 { npy.inputs.files[0].array = "x" }
    npy.task = choice & 4 == 0 ? .classification : .regression
    source = npy
  }
  let signature = try? source.signature(context)
  if let dataset = try? source.load(context) {
    precondition(signature?.exampleCount == dataset.count, "another count than was announced")
    for (announced, tensor) in zip(signature?.tops ?? [], dataset.tensors) {
      precondition(announced.shape == tensor.top.shape, "another shape than was announced")
      try? tensor.storage.forEachPiece { values, _ in
        for index in values.indices {
          precondition(values[index].isFinite, "a value that is not finite")
        }
        return true
      }
    }
  }
  return 0
}

/// Returns a gzip stream with one stored block (RFC 1951, 1952).
private func gzip(_ bytes: [UInt8]) -> [UInt8] {
  func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }
  let sum = bytes.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
  return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1] + little(bytes.count, 2)
    + little(~bytes.count, 2) + bytes + little(Int(sum), 4) + little(bytes.count, 4)
}

/// Two files of this process.
private final class Files: Sendable {
  static let shared = Files()
  let inputs = "/tmp/dlrun-fuzz-\(getpid())-inputs"
  let targets = "/tmp/dlrun-fuzz-\(getpid())-targets"

  private init() { atexit { Files.shared.remove() } }

  private func remove() {
    unlink(inputs)
    unlink(targets)
  }

  func write(_ bytes: [UInt8], to path: String) {
    guard let file = fopen(path, "w") else { preconditionFailure("cannot write \(path)") }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }
}
