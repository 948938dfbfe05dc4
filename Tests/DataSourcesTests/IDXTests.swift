import DataFiles
import DataSources
import Foundation
import Oracles
import Tensors
import Testing

@Suite struct IDXTests {
  /// Three images of 1 row and 2 columns, labels 2, 0, 1.
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(idx([3, 1, 2], [0, 255, 1, 2, 3, 4]), to: "images")
    try folder.write(gzip(idx([3], [2, 0, 1])), to: "labels.gz")
    return folder
  }

  private func load(
    _ fields: String, in folder: TemporaryFolder, classes: ClassNames? = nil
  ) throws -> Dataset {
    try declaration("{source: idx, \(fields)}").source.load(
      context(classes: classes, directory: folder.path))
  }

  private func refusal(
    _ fields: String, in folder: TemporaryFolder, classes: ClassNames? = nil
  ) throws -> DataFailure? {
    let source = try declaration("{source: idx, \(fields)}").source
    let context = context(classes: classes, directory: folder.path)
    return failure { () throws(DataFailure) in try source.load(context) }
  }

  @Test func imagesAndLabelsAreRead() throws {
    let data = try load("images: images, labels: labels.gz", in: try folder())
    #expect(data.count == 3)
    #expect(data.inputTop.shape == Shape([1, 1, 2]))
    #expect(data.inputValues == [0, 255, 1, 2, 3, 4])
    #expect(data.targetTop?.hasClasses == true)
    #expect(data.targetValues == [2, 0, 1])
    #expect(data.classes == ["0", "1", "2"])
    #expect(data.inputNames == [])
    #expect(data.inputTop.valueName(1) == "x2")
  }

  @Test(arguments: [
    ([6], [1]), ([2, 3], [3]), ([2, 1, 3], [1, 1, 3]), ([1, 3, 1, 2], [3, 1, 2]),
  ])
  func axesBecomeChannelsRowsAndColumns(axes: [Int], example: [Int]) throws {
    let folder = try TemporaryFolder()
    let bytes = idx(axes, [1, 2, 3, 4, 5, 6])
    guard axes.count > 1 else {
      #expect(
        try folder.refusal(bytes, as: "idx") == "byte 3: expected 2 to 4 axes, received 1")
      return
    }
    let data = try folder.load(bytes, as: "idx")
    #expect(data.inputTop.shape == Shape(example))
    #expect(data.inputValues == [1, 2, 3, 4, 5, 6])
  }

  @Test func signatureReadsTheHeadersAlone() throws {
    let folder = try folder()
    let part = try declaration("{source: idx, images: images, labels: labels.gz}")
    let signature = try part.signature(directory: folder.path, seed: 1, phase: .train)
    #expect(
      signature
        == DataSignature(input: Shape([1, 1, 2]), count: 3))
    let declared = try declaration(
      "{source: idx, images: none, labels: none, shape: [1, 28, 28], classes: 10}")
    #expect(
      try declared.signature(directory: folder.path, seed: 1, phase: .train).classes == .count(10))
  }

  @Test func withoutLabelsThereIsNoTarget() throws {
    let folder = try folder()
    let part = try declaration("{source: idx, images: images}")
    let signature = try part.signature(directory: folder.path, seed: 1, phase: .train)
    #expect(signature.targetTop == nil && signature.classes == nil)
    let data = try part.source.load(context(directory: folder.path))
    #expect(data.targetValues.count == 0 && data.classes == nil)
    // The declared shape then suffices.
    let declared = try declaration("{source: idx, images: none, shape: [1, 28, 28]}")
    #expect(
      try declared.signature(directory: "", seed: 1, phase: .train)
        == DataSignature([DataTop(DataTop.data, shape: Shape([1, 28, 28]))], exampleCount: nil))
    #expect(
      try firstLine("{source: idx, images: i, classes: 10}")
        == "model.yaml:1:35: error: classes: expected none, since no labels are stated")
  }

  @Test func labelsBeyondTheClassesAreRefused() throws {
    let folder = try folder()
    let path = "\(folder.path)/labels.gz"
    let fields = "images: images, labels: labels.gz"
    #expect(try load(fields, in: folder, classes: .count(10)).classes?.count == 10)
    #expect(
      try load(fields, in: folder, classes: .names(["a", "b", "c"])).classes == ["a", "b", "c"])
    #expect(
      try refusal(fields, in: folder, classes: .count(2))
        == .content("\(path): element [0]: expected a class from 0 to 1, received 2"))
    try folder.write(idx([3], [0, 1, 0xFF], type: 9), to: "negative")
    #expect(
      try refusal("images: images, labels: negative", in: folder)
        == .content(
          "\(folder.path)/negative: element [2]: expected a class from 0 to 999999, received -1"))
    try folder.write(idx([3], [0, 0, 0, 0, 0, 15, 66, 64, 0, 0, 0, 1], type: 0x0C), to: "great")
    #expect(
      try refusal("images: images, labels: great", in: folder)
        == .content(
          "\(folder.path)/great: element [1]: expected a class from 0 to 999999, "
            + "received 1000000"))
    try folder.write(idx([3], [0, 0, 0]), to: "zeros")
    #expect(
      try refusal("images: images, labels: zeros", in: folder)
        == .content("\(folder.path)/zeros: expected at least 2 classes, received only 0"))
  }

  @Test func filesMustBelongTogether() throws {
    let folder = try folder()
    try folder.write(idx([2], [0, 1]), to: "two")
    #expect(
      try refusal("images: images, labels: two", in: folder)
        == .field(
          "labels",
          message:
            "\(folder.path)/two: expected 3 examples, as in \(folder.path)/images, received 2",
          of: .train))
    try folder.write(idx([3], [UInt8](repeating: 0, count: 12), type: 0x0D), to: "floats")
    #expect(
      try refusal("images: images, labels: floats", in: folder)
        == .field(
          "labels",
          message: "\(folder.path)/floats: byte 2: expected integers, received float32",
          of: .train))
  }

  /// [N, 1] has a class for each example, [N, rows, columns] a class for each pixel.
  @Test func labelsMayHaveAxes() throws {
    let folder = try TemporaryFolder()
    try folder.write(idx([2, 1, 2], [9, 8, 7, 6]), to: "images")
    try folder.write(idx([2, 1], [3, 1]), to: "one")
    try folder.write(idx([2, 1, 2], [0, 1, 2, 1]), to: "pixels")
    func load(_ labels: String) throws -> Dataset {
      let part = try declaration(
        "{source: idx, images: images, labels: \(labels), label_offset: 0}")
      return try loadParts(train: part, test: nil, directory: folder.path, seed: 1).train
    }
    let one = try load("one")
    #expect(
      one.targetTop?.shape == .scalar && one.targetValues == [3, 1] && one.classes?.count == 4)
    let pixels = try load("pixels")
    #expect(pixels.targetTop?.shape == Shape([1, 2]) && pixels.targetValues == [0, 1, 2, 1])
    #expect(pixels.classes == ["0", "1", "2"])
  }

  @Test func wrongHeadersAreRefused() throws {
    let folder = try TemporaryFolder()
    for (bytes, message) in [
      ([], "byte 0: expected a header of at least 4 bytes, received the end of the file"),
      ([0, 0, 8], "byte 3: expected a header of at least 4 bytes, received the end of the file"),
      (
        [0x89, 0x50, 0x4E, 0x47],
        "byte 0: expected an IDX file, which begins with two zero bytes, received 137"
      ),
      (
        [0, 1, 8, 3],
        "byte 1: expected an IDX file, which begins with two zero bytes, received 1"
      ),
      (
        [0, 0, 10, 3],
        "byte 2: expected the code of an element type (8, 9, 11, 12, 13, 14), received 10"
      ),
      ([0, 0, 8, 0], "byte 3: expected 2 to 4 axes, received 0"),
      ([0, 0, 8, 5], "byte 3: expected 2 to 4 axes, received 5"),
      (
        [0, 0, 8, 2, 0, 0, 0],
        "byte 7: expected 2 axes of 4 bytes, received the end of the file"
      ),
      (
        [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 0],
        "byte 8: expected an axis of at least 1, received 0"
      ),
    ] as [([UInt8], String)] {
      #expect(try folder.refusal(bytes, as: "idx") == message)
    }
  }

  /// Flips each bit of the header except the one that makes bytes signed.
  @Test func flippedBitsOfTheHeaderAreRefused() throws {
    let whole = idx([2, 3, 4], (0..<24).map { UInt8($0) })
    let folder = try TemporaryFolder()
    for place in 0..<16 {
      for bit in 0..<8 {
        var damaged = whole
        damaged[place] ^= 1 << bit
        let refusal = try folder.refusal(damaged, as: "idx")
        #expect((refusal == "") == (place == 2 && bit == 0), "byte \(place), bit \(bit)")
      }
    }
  }

  @Test func sameFilesAreTheSameData() throws {
    let source = try declaration("{source: idx, images: a, labels: b}").source
    #expect(source.isSameData(as: source))
    #expect(!source.isSameData(as: try declaration("{source: idx, images: a}").source))
    #expect(!source.isSameData(as: Spiral()))
  }

  @Test func learnedPathsStayAsTheyAreWritten() throws {
    let data = try load("images: images, labels: labels.gz", in: try folder())
    let source = try declaration("{source: idx, images: a, labels: /b}").source
    let learned = try #require(source.learned(from: data) as? IDX)
    #expect(learned.images.paths == ["a"] && learned.labels?.paths == ["/b"])
  }

  private static let mnist =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "../shared/data").standardizedFileURL.path

  /// Reads MNIST's test set, when it lies beside the project.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: mnist)))
  func mnistIsRead() throws {
    let part =
      "{source: idx, images: \(Self.mnist)/t10k-images-idx3-ubyte.gz, "
      + "labels: \(Self.mnist)/t10k-labels-idx1-ubyte.gz"
    let (train, test, _) = try loadParts(
      train: declaration(part + ", rows: [0, 8000]}"),
      test: declaration(part + ", rows: [8000, 10000]}", phase: .test), directory: "", seed: 1)
    let tested = try #require(test)
    #expect(train.count == 8000 && tested.count == 2000)
    #expect(train.inputTop.shape == Shape([1, 28, 28]) && train.classes?.count == 10)
    #expect(train.targetValues.prefix(10) == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
    let labels = train.targetValues + tested.targetValues
    #expect(
      (0..<10).map { label in labels.count { $0 == Float(label) } }
        == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
    let sum = { (data: Dataset) in data.inputValues.reduce(0) { $0 + Int($1) } }
    #expect(sum(train) + sum(tested) == 264_923_200)
    #expect(tested.input(1999).reduce(0, +) == 41_833)
  }
}
