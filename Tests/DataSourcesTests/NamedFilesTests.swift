import DataFiles
import DataSources
import Oracles
import Tensors
import Testing

/// Sources that read several files, with a named tensor in each.
@Suite struct NamedFilesTests {
  private let folder: TemporaryFolder

  /// Writes two inputs and three targets of three examples.
  init() throws {
    folder = try TemporaryFolder()
    try folder.write(npy("|u1", "(3, 2)", [1, 2, 3, 4, 5, 6]), to: "left.npy")
    try folder.write(npy("|u1", "(3, 1)", [7, 8, 9]), to: "right.npy")
    try folder.write(npy("|u1", "(3, 2)", [0, 1, 2, 0, 1, 1]), to: "mask.npy")
    try folder.write(npy("|u1", "(3,)", [0, 1, 0]), to: "same.npy")
    try folder.write(npy("<f4", "(3,)", [1.5, 2, -1].flatMap { bytes($0.bits) }), to: "size.npy")
  }

  private static let part = """
    {source: npy, inputs: [{file: left.npy, top: left}, {file: right.npy, top: right}], \
    targets: [{file: mask.npy, top: mask, classes: 3}, {file: same.npy, top: same, classes: 2}, \
    {file: size.npy, top: size}]
    """

  private func load(_ fields: String = "") throws -> (Dataset, DataSignature) {
    let part = try declaration(Self.part + fields + "}")
    let path = folder.path
    let loaded = try loadParts(train: part, test: nil, directory: path, seed: 1)
    return (loaded.train, try part.signature(directory: path, seed: 1, phase: .train))
  }

  @Test func everyFileIsATensor() throws {
    let (data, signature) = try load()
    #expect(data.tensors.map(\.name) == ["left", "right", "mask", "same", "size"])
    #expect(data.tensors.map(\.top.isTarget) == [false, false, true, true, true])
    #expect(try data["left"]?.values(ofExample: 1) == [3, 4])
    #expect(try data["right"]?.values(ofExample: 2) == [9])
    #expect(try data["mask"]?.values(ofExample: 1) == [2, 0])
    #expect(data["mask"]?.classes == ["0", "1", "2"] && data["same"]?.classes == ["0", "1"])
    #expect(try data["size"]?.values(ofExample: 2) == [-1] && data["size"]?.classes == nil)
    #expect(data["data"] == nil)
    #expect(signature.text == "left 2, right 1, mask 2: 3 classes, same: 2 classes, size 1")
    #expect(signature.inputCount == 3 && signature.exampleCount == 3)
  }

  /// One tensor may have a name too.
  @Test func oneFileMayBeNamed() throws {
    let part = try declaration("{source: npy, inputs: {file: left.npy, top: plan}}")
    let signature = try part.signature(directory: folder.path, seed: 1, phase: .train)
    #expect(signature.text == "plan 2")
    let idx = try declaration("{source: idx, images: {file: a, top: x}, labels: {file: b, top: y}}")
    #expect(idx.source.topNames == TopNames(inputs: ["x"], targets: ["y"]))
    #expect(idx.source.files == ["a", "b"])
  }

  @Test func inputsAreStandardizedOneByOne() throws {
    let (data, _) = try load(", standardize: true")
    let step = Float(1.5).squareRoot()
    #expect(try data["left"]?.values(ofExample: 0) == [-step, -step])
    #expect(try data["left"]?.values(ofExample: 1) == [0, 0])
    #expect(try data["right"]?.values(ofExample: 2) == [step])
    #expect(try data["same"]?.values(ofExample: 1) == [1])
    let (scaled, _) = try load(", mean: 1, scale: 2")
    #expect(try scaled["left"]?.values(ofExample: 0) == [0, 2])
    #expect(try scaled["right"]?.values(ofExample: 0) == [12])
    #expect(try scaled["size"]?.values(ofExample: 0) == [1.5])
  }

  /// Bytes keep their size. Only the values that they stand for change.
  @Test func bytesStayBytes() throws {
    let (data, _) = try load(", scale: 0.5, rows: [1, 3]")
    for name in ["left", "right", "mask", "same"] {
      guard case .bytes(let bytes, _) = data[name]?.storage else {
        Issue.record("'\(name)' is not stored as bytes")
        continue
      }
      #expect(bytes.count == 2 * (data[name]?.width ?? 0))
    }
    #expect(try data["left"]?.values(ofExample: 0) == [1.5, 2])
    guard case .floats = data["size"]?.storage else {
      Issue.record("floats are stored as bytes")
      return
    }
  }

  /// A table of values for every input would be larger than few bytes.
  @Test func fewBytesOfManyInputsBecomeNumbers() throws {
    let folder = try TemporaryFolder()
    let elements = (0..<200).map { UInt8(truncatingIfNeeded: $0) }
    try folder.write(npy("|u1", "(2, 100)", elements), to: "x.npy")
    let part = try declaration("{source: npy, inputs: x.npy, standardize: true}")
    let data = try loadParts(train: part, test: nil, directory: folder.path, seed: 1).train
    guard case .floats(let values) = data.tensors[0].storage else {
      Issue.record("200 bytes have a table of 100 kB")
      return
    }
    #expect(values.array == [Float](repeating: -1, count: 100) + [Float](repeating: 1, count: 100))
  }

  @Test func learnedFilesKeepTheirClasses() throws {
    let part = try declaration(
      """
      {source: npy, inputs: left.npy, task: classification, \
      targets: [{file: mask.npy, top: mask}, {file: same.npy, top: same}]}
      """)
    let data = try loadParts(train: part, test: nil, directory: folder.path, seed: 1).train
    let learned = try #require(part.source.learned(from: data) as? NPY)
    #expect(learned.targets?.files.map(\.classes?.names) == [["0", "1", "2"], ["0", "1"]])
  }

  /// Labels of the test part must be classes of the training part, for each target.
  @Test func testLabelsAreClassesOfTheirTarget() throws {
    try folder.write(npy("|u1", "(3,)", [0, 2, 0]), to: "other.npy")
    let fields = { (same: String) in
      """
      {source: npy, inputs: left.npy, task: classification, \
      targets: [{file: mask.npy, top: mask}, {file: \(same), top: same}]}
      """
    }
    let train = try declaration(fields("same.npy"))
    let test = try declaration(fields("other.npy"), phase: .test)
    let message = failure { () throws(DataFailure) in
      try loadParts(train: train, test: test, directory: folder.path, seed: 1)
    }?.message
    #expect(
      message
        == "\(folder.path)/other.npy: element [1]: expected a class from 0 to 1, received 2")
  }

  @Test(arguments: [
    (
      "inputs: [a.npy, {file: b.npy, top: b}]",
      "1:24: error: inputs: expected a mapping with file and top, because there are "
        + "several files, received a file without top"
    ),
    (
      "inputs: [{file: a.npy, top: a}, {file: b.npy, top: a}]",
      "1:47: error: inputs: expected every top once, received 'a' twice"
    ),
    (
      "inputs: {file: a.npy, top: a, classes: 2}",
      "1:54: error: inputs: classes: expected none, since an input has values"
    ),
    (
      "inputs: {file: a.npy, top: label}, targets: b.npy",
      "1:59: error: targets: expected a top that is not in inputs, received 'label'"
    ),
    (
      "inputs: {file: a.npy, name: a}",
      "1:37: error: file: unknown field 'name'"
    ),
    (
      "inputs: {top: a}",
      "1:23: error: file: 'file' is missing: expected a path, relative to the model file"
    ),
    (
      "inputs: {file: a.npy, top: ''}",
      "1:42: error: top: expected a name of 1 to 200 printable characters, received ''"
    ),
    (
      "inputs: []",
      "1:23: error: inputs: expected a path, or a list of mappings with"
        + " file and top, received an empty list"
    ),
  ])
  func wrongFilesAreRefused(fields: String, message: String) throws {
    #expect(try firstLine("{source: npy, \(fields)}") == "model.yaml:" + message)
  }

  @Test func aShapeBelongsToOneInput() throws {
    let part = try declaration(Self.part + ", shape: [2]}")
    let path = folder.path
    #expect(
      failure { () throws(DataFailure) in
        try part.signature(directory: path, seed: 1, phase: .train)
      }
        == .field(
          "shape",
          message: "train data: shape: expected none, since there are several inputs "
            + "('left', 'right')", of: .train))
  }

  @Test func filesHaveEquallyManyExamples() throws {
    try folder.write(npy("|u1", "(2, 1)", [7, 8]), to: "right.npy")
    let part = try declaration(Self.part + "}")
    #expect(
      failure { () throws(DataFailure) in
        try part.signature(directory: folder.path, seed: 1, phase: .train)
      }
        == .field(
          "inputs",
          message: "\(folder.path)/right.npy: expected 3 examples, as in \(folder.path)/left.npy, "
            + "received 2", of: .train))
  }
}

extension Double {
  /// The bits in single precision.
  fileprivate var bits: UInt32 { Float(self).bitPattern }
}
