import DataFiles
import DataSources
import Oracles
import Tensors
import Testing

/// Labels that the network ignores.
@Suite struct IgnoredLabelTests {
  private func load(
    _ part: String, ignoring ignored: Set<Int>, in folder: TemporaryFolder
  ) throws(DataFailure) -> Dataset? {
    guard let part = try? declaration(part) else { return nil }
    return try loadParts(
      train: part, test: nil, directory: folder.path, seed: 1, ignoring: ignored
    ).train
  }

  @Test func aTableMayHaveThem() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("x,y\n1,0\n2,-1\n3,1\n4,255\n".utf8), to: "t.csv")
    let part = "{source: csv, file: t.csv, target: y, classes: 2}"
    let data = try load(part, ignoring: [-1, 255], in: folder)
    #expect(data?.targetValues == [0, -1, 1, 255])
    #expect(data?.classes == ["0", "1"])
    #expect(
      badCells { () throws(DataFailure) in try load(part, ignoring: [-1], in: folder) }
        == "\(folder.path)/t.csv: row 5, column 'y': expected a class from 0 to 1, received '255'")
  }

  /// If the sorted labels are the classes, only a negative label can be ignored. Every other label
  /// has a class.
  @Test func sortedLabelsAreClasses() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("x,y\n1,7\n2,-1\n3,3\n4,7\n".utf8), to: "t.csv")
    let part = "{source: csv, file: t.csv, target: y, task: classification}"
    let data = try load(part, ignoring: [-1, 3], in: folder)
    #expect(data?.targetValues == [1, -1, 0, 1])
    #expect(data?.classes == ["3", "7"])
  }

  @Test func anArrayMayHaveThem() throws {
    let folder = try TemporaryFolder()
    try folder.write(npy("<f4", "(3, 1)", [UInt8](repeating: 0, count: 12)), to: "inputs.npy")
    try folder.write(npy("|i1", "(3,)", [1, 255, 0]), to: "labels.npy")
    let part = "{source: npy, inputs: inputs.npy, targets: labels.npy, task: classification}"
    let data = try load(part, ignoring: [-1], in: folder)
    #expect(data?.targetValues == [1, -1, 0])
    #expect(data?.classes == ["0", "1"])
    #expect(failure { () throws(DataFailure) in try load(part, ignoring: [], in: folder) } != nil)
  }
}
