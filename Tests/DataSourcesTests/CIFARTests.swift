import DataFiles
import DataSources
import Oracles
import Tensors
import Testing
import YAML

@Suite struct CIFARTests {
  /// Returns a record with these labels. Byte i of the image is `first` + i, modulo 256.
  private func record(_ labels: [UInt8], first: Int) -> [UInt8] {
    labels + (0..<3072).map { UInt8(truncatingIfNeeded: first + $0) }
  }

  private func load(
    _ fields: String, in folder: TemporaryFolder
  ) throws(DataFailure) -> Dataset {
    var diagnostics = Diagnostics()
    guard let node = try? node("{source: cifar, \(fields)}"),
      let part = DataDeclaration.decode(node, phase: .train, &diagnostics)
    else { throw .content(diagnostics.rendered) }
    return try loadParts(train: part, test: nil, directory: folder.path, seed: 1).train
  }

  @Test func recordsOfAllFilesFollowEachOther() throws {
    let folder = try TemporaryFolder()
    try folder.write(record([3], first: 0) + record([9], first: 5), to: "a.bin")
    try folder.write(record([0], first: 100), to: "b.bin")
    let data = try load("files: [a.bin, b.bin], scale: 0.5", in: folder)
    #expect(data.signature.text == "data 3x32x32, label: 10 classes")
    #expect(data.count == 3 && data.targetValues == [3, 9, 0])
    #expect(data.input(1).prefix(3) == [2.5, 3, 3.5])
    #expect(data.input(2)[1024] == Float((100 + 1024) % 256) / 2)
    #expect(data.classes?[3] == "cat" && data.classes?.count == 10)
    guard case .bytes = data.inputs[0].storage else {
      Issue.record("pixels are not stored as bytes")
      return
    }
    let part = try declaration("{source: cifar, files: [a.bin, b.bin], rows: [0, 2]}")
    let signature = try part.signature(directory: folder.path, seed: 1, phase: .train)
    #expect(signature.exampleCount == 2 && signature.text == data.signature.text)
  }

  @Test func aRecordOfCIFAR100HasTwoLabels() throws {
    let folder = try TemporaryFolder()
    try folder.write(record([19, 99], first: 1) + record([0, 4], first: 2), to: "train.bin")
    let fine = try load("files: train.bin, labels: fine", in: folder)
    #expect(fine.targetValues == [99, 4] && fine.classes?.count == 100)
    #expect(fine.input(1)[0] == 2)
    let coarse = try load("files: train.bin, labels: coarse", in: folder)
    #expect(coarse.targetValues == [19, 0] && coarse.classes?.count == 20)
  }

  @Test func otherFilesAreRefused() throws {
    let folder = try TemporaryFolder()
    try folder.write(record([1], first: 0) + [7], to: "long.bin")
    try folder.write([UInt8](), to: "empty.bin")
    try folder.write(record([1], first: 0) + record([10], first: 0), to: "label.bin")
    for (file, message) in [
      ("long.bin", "expected records of 3073 bytes, received 3074 bytes"),
      ("empty.bin", "expected records of 3073 bytes, received 0 bytes"),
      ("label.bin", "record 1: expected a class from 0 to 9, received 10"),
    ] {
      #expect(
        failure { () throws(DataFailure) in try load("files: \(file)", in: folder) }
          == .field("files", message: "\(folder.path)/\(file): \(message)", of: .train))
    }
    #expect(
      failure { () throws(DataFailure) in try load("files: none.bin", in: folder) }
        == .io(
          "\(folder.path)/none.bin: expected a readable file: No such file or directory",
          field: "files", of: .train))
    #expect(
      try firstLine("{source: cifar, files: a.bin, classes: 11}")
        == "model.yaml:1:40: error: classes: expected 10 classes, received 11 classes")
  }
}
