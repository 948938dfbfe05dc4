import DataFiles
import DataSources
import Foundation
import Oracles
import Tensors
import Testing

@Suite struct ImagesTests {
  /// Images of 1x3 grey pixels: two dogs and a cat.
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for name in ["photos/dog", "photos/cat"] { try folder.makeFolder(name) }
    try folder.write(PNGFile.grey([1, 2, 3]), to: "photos/dog/b.png")
    try folder.write(PNGFile.grey([4, 5, 6]), to: "photos/dog/B.jpg")
    try folder.write(PNGFile.grey([7, 8, 255]), to: "photos/cat/1")
    try folder.write("a note of the system", to: "photos/.notes")
    return folder
  }

  private func load(
    _ fields: String, in folder: TemporaryFolder, classes: ClassNames? = nil
  ) throws -> Dataset {
    let source = try declaration("{source: images, \(fields)}").source
    let context = context(classes: classes, directory: folder.path)
    let data = try source.load(context)
    let signature = try source.signature(context)
    #expect(signature == data.signature)
    return data
  }

  /// Returns the message that refuses a part, without the path of the folder.
  private func refusal(
    _ fields: String, in folder: TemporaryFolder, classes: ClassNames? = nil
  ) throws -> String {
    let source = try declaration("{source: images, \(fields)}").source
    let context = context(classes: classes, directory: folder.path)
    let failure = failure { () throws(DataFailure) in try source.load(context) }
    return (failure?.message ?? "").replacingOccurrences(of: "\(folder.path)/", with: "")
  }

  @Test func foldersAreClassesInTheirOrder() throws {
    let folder = try folder()
    let data = try load("folder: photos, color: gray", in: folder)
    #expect(data.classes == ["cat", "dog"])
    #expect(data.targetValues == [0, 1, 1])
    #expect(data.inputTop.shape == Shape([1, 1, 3]))
    // Capital letters come first.
    #expect(data.inputValues == [7, 8, 255, 4, 5, 6, 1, 2, 3])
  }

  @Test func channelsComeFirst() throws {
    let folder = try folder()
    let data = try load("folder: photos", in: folder)
    #expect(data.inputTop.shape == Shape([3, 1, 3]))
    #expect(data.input(0) == [7, 8, 255, 7, 8, 255, 7, 8, 255])
  }

  @Test func listStatesFilesAndLabels() throws {
    let folder = try folder()
    try folder.write("dog/b.png 1\r\n\ncat/1\t0\n", to: "photos/list.txt")
    let data = try load("list: photos/list.txt, color: gray", in: folder)
    #expect(data.classes == ["0", "1"])
    #expect(data.targetValues == [1, 0])
    #expect(data.inputValues == [1, 2, 3, 7, 8, 255])
    try folder.write("b.png 1\nB.jpg 0\n", to: "list")
    let dogs = try load(
      "list: list, folder: photos/dog, color: gray", in: folder, classes: .names(["x", "y"]))
    #expect(dogs.classes == ["x", "y"])
    #expect(dogs.inputValues == [1, 2, 3, 4, 5, 6])
  }

  /// The transforms that are computed while an image is decoded give the bits of Pillow's bytes.
  @Test func imagesAreResizedAndCropped() throws {
    let folder = try folder()
    func decoded(_ transforms: String) throws -> Dataset {
      let part = try declaration(
        "{source: images, folder: photos, color: gray, transforms: \(transforms)}")
      let signature = try part.signature(directory: folder.path, seed: 1, phase: .train)
      let data = try loadParts(train: part, test: nil, directory: folder.path, seed: 1).train
      #expect(data.signature == signature)
      return try data.decoded(0..<3, isTraining: false)
    }
    let size = try decoded("[{type: resize, size: [2, 6]}, {type: crop, size: [2, 4]}]")
    #expect(size.inputTop.shape == Shape([1, 2, 4]))
    let side = try decoded("[{type: resize, size: 2}, {type: crop, size: 2}]")
    #expect(side.inputTop.shape == Shape([1, 2, 2]))
    // Bilinear: the means of neighbours at a quarter and at three quarters.
    #expect(side.input(1) == [5, 5, 5, 5])
  }

  @Test func classesOfTrainingDecideTheLabels() throws {
    let folder = try folder()
    let data = try load(
      "folder: photos", in: folder, classes: .names(["bird", "cat", "dog"]))
    #expect(data.targetValues == [1, 2, 2])
    #expect(
      try refusal("folder: photos", in: folder, classes: .names(["cat", "bird"]))
        == "photos: expected folders of the classes 'cat', 'bird', received 'dog'")
    #expect(
      try refusal("folder: photos", in: folder, classes: .count(3))
        == "photos: expected 3 folders, one for each class, received 2")
  }

  @Test func wrongFoldersAreRefused() throws {
    let folder = try folder()
    #expect(
      try refusal("folder: none", in: folder)
        == "none: expected a readable folder, which does not exist")
    #expect(
      try refusal("folder: photos/cat", in: folder)
        == "photos/cat: expected only folders, one for each class, received the file '1'")
    #expect(
      try refusal("folder: photos/cat/1", in: folder)
        == "photos/cat/1: expected a folder, received a regular file")
    try folder.makeFolder("photos/bird")
    #expect(
      try refusal("folder: photos", in: folder)
        == "photos/bird: expected image files, received an empty folder")
    try folder.write("text", to: "photos/bird/x")
    #expect(
      try refusal("folder: photos", in: folder)
        == "photos/bird/x: byte 0: expected a PNG or JPEG file, received text")
    try folder.makeFolder("empty/one")
    #expect(
      try refusal("folder: empty", in: folder)
        == "empty: expected at least 2 folders, one for each class, received 1")
  }

  /// The first image decides the size. Others are compared with it when a batch needs them.
  @Test(arguments: [
    (
      "[{type: crop, size: [1, 2]}, {type: grayscale, channels: 3}]", "rgb",
      "photos/dog/c: expected an image that is not smaller than its crop, received 1x1 pixels"
    ),
    (
      "[{type: crop, size: [1, 4], pad: 1}]", "gray",
      "photos/dog/c: expected 1x4 pixels, as in the first image, received 1x1: the transforms resize "
        + "and crop make sizes equal"
    ),
    (
      "[]", "gray",
      "photos/dog/c: expected 1x3 pixels, as in the first image, received 1x1: the transforms resize "
        + "and crop make sizes equal"
    ),
  ])
  func unequalSizesAreRefused(_ transforms: String, _ color: String, _ message: String) throws {
    let folder = try folder()
    try folder.write(PNGFile.grey([1]), to: "photos/dog/c")
    let part = try declaration(
      "{source: images, folder: photos, color: \(color), transforms: \(transforms)}")
    let data = try loadParts(train: part, test: nil, directory: folder.path, seed: 1).train
    let failure = failure { () throws(DataFailure) in try data.decoded(0..<4, isTraining: false) }
    #expect(
      (failure?.message ?? "").replacingOccurrences(of: "\(folder.path)/", with: "") == message)
  }

  @Test(arguments: [
    ("", "list: expected lines of a path and a label, received none"),
    ("a.png", "list: line 1: expected a path and an integer label, received 'a.png' at the end"),
    ("a 0\nb x", "list: line 2: expected a path and an integer label, received 'x' at the end"),
    ("a 0\nb 1\na 1", "list: line 3: expected each file once, received 'a' as in line 1"),
    ("a -1", "list: line 1: expected a class from 0 to 999999, received -1"),
    ("a 0\nb 0", "list: expected at least 2 classes, received only 0"),
    ("a 0\nb 1", "a: expected a readable file: No such file or directory"),
  ])
  func wrongListsAreRefused(_ text: String, _ message: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(text, to: "list")
    #expect(try refusal("list: list", in: folder) == message)
  }

  @Test func folderListOrTableIsNeeded() throws {
    #expect(
      try firstLine("{source: images}")
        == "model.yaml:1:1: error: expected folder, list or table, received none")
  }

  @Test(arguments: ["0", "[1]", "[1, 0]", "4097", "text"])
  func wrongSidesAreRefused(_ side: String) throws {
    #expect(
      try firstLine("{source: images, folder: f, transforms: {type: resize, size: \(side)}}")
        .contains("expected an integer or a list of height and width, each from 1 to 4096"))
  }
}
