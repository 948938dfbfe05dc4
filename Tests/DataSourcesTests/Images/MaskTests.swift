import DataFiles
import DataSources
import Foundation
import Oracles
import Tensors
import Testing

/// Images with a class for each pixel.
@Suite struct MaskTests {
  private let folder: TemporaryFolder

  /// Two images of 1x3 grey pixels with masks, the second one in a folder.
  init() throws {
    folder = try TemporaryFolder()
    for name in ["photos/b", "masks/b"] { try folder.makeFolder(name) }
    try folder.write(PNGFile.grey([1, 2, 3]), to: "photos/a.jpg")
    try folder.write(PNGFile.grey([4, 5, 6]), to: "photos/b/c.d.png")
    try folder.write(PNGFile.grey([0, 1, 2]), to: "masks/a.png")
    try folder.write(PNGFile.grey([2, 0, 1]), to: "masks/b/c.d.png")
  }

  private static let fields = "folder: photos, masks: masks, color: gray"

  private func load(
    _ fields: String = MaskTests.fields, classes: ClassNames? = nil, ignoring: Set<Int> = [],
    labelOffset: Int = 0
  ) throws(DataFailure) -> Dataset {
    guard let source = try? declaration("{source: images, \(fields)}").source else {
      throw .content("the part is refused")
    }
    return try source.load(
      DataContext(
        directory: folder.path, seed: 1, phase: .train, classes: classes, ignoring: ignoring,
        labelOffset: labelOffset))
  }

  /// Returns the message that refuses the part, without the path of the folder.
  private func refusal(
    _ fields: String = MaskTests.fields, classes: ClassNames? = nil
  ) -> String {
    let failure = failure { () throws(DataFailure) in
      let data = try load(fields, classes: classes)
      _ = try data.decoded(0..<data.count, isTraining: false)
    }
    return (failure?.message ?? "").replacingOccurrences(of: "\(folder.path)/", with: "")
  }

  @Test func masksAreTargets() throws {
    let data = try load()
    #expect(data.signature.text == "data 1x1x3, label 1x3: 3 classes")
    let decoded = try data.decoded(0..<2, isTraining: false)
    #expect(decoded.inputValues == [1, 2, 3, 4, 5, 6])
    #expect(decoded.targetValues == [0, 1, 2, 2, 0, 1])
    #expect(try load(classes: .names(["x", "y", "z"])).classes == ["x", "y", "z"])
  }

  /// Every form stores the classes 1, 0, 1. Palettes have other colors than their indices.
  @Test(
    arguments: [
      (1, 0, [0b1010_0000]), (2, 0, [0b0100_0100]), (4, 0, [0x10, 0x10]), (8, 0, [1, 0, 1]),
      (16, 0, [0, 1, 0, 0, 0, 1]), (1, 3, [0b1010_0000]), (2, 3, [0b0100_0100]),
      (4, 3, [0x10, 0x10]), (8, 3, [1, 0, 1]),
    ] as [(Int, Int, [UInt8])])
  func storedSamplesAreClasses(_ depth: Int, _ colorType: Int, _ row: [UInt8]) throws {
    let palette: [UInt8] = colorType == 3 ? [200, 0, 0, 0, 100, 50] : []
    try folder.write(
      PNGFile.file(width: 3, [row], depth: depth, colorType: colorType, palette: palette),
      to: "masks/a.png")
    #expect(try load().decoded(0..<1, isTraining: false).targetValues == [1, 0, 1])
  }

  @Test func samplesOf16BitsAreNotScaled() throws {
    try folder.write(
      PNGFile.file(width: 3, [[1, 44, 0, 7, 255, 255]], depth: 16), to: "masks/a.png")
    let data = try load(ignoring: [65535])
    #expect(data.classes?.count == 301)
    #expect(try data.decoded(0..<1, isTraining: false).targetValues == [300, 7, 65535])
  }

  @Test func ignoredLabelsAndOffsetsAreThoseOfOtherSources() throws {
    try folder.write(PNGFile.grey([1, 2, 255]), to: "masks/a.png")
    try folder.write(PNGFile.grey([2, 2, 3]), to: "masks/b/c.d.png")
    let data = try load(ignoring: [255], labelOffset: 1)
    #expect(data.classes == ["1", "2", "3"])
    #expect(try data.decoded(0..<2, isTraining: false).targetValues == [0, 1, 255, 1, 1, 2])
  }

  /// The grey value of a pixel is ten times its class, in every epoch.
  @Test func masksMoveWithTheirImages() throws {
    let rows = (0..<6).map { row in (0..<8).map { UInt8((row * 8 + $0) % 25) } }
    try folder.write(PNGFile.file(width: 8, rows.map { $0.map { 10 * $0 } }), to: "photos/a.jpg")
    try folder.write(PNGFile.file(width: 8, rows), to: "masks/a.png")
    try folder.makeFolder("list")
    try folder.write("a\n", to: "list/names")
    let part = try declaration(
      """
      {source: images, \(MaskTests.fields), list: list/names, transforms: [{type: resize, size: 6}, \
      {type: crop, size: [4, 5]}, mirror, {type: mirror, direction: vertical}, \
      {type: crop, size: 5, pad: 2}]}
      """)
    let data = try loadParts(train: part, test: nil, directory: folder.path, seed: 1).train
    #expect(data.signature.text == "data 1x5x5, label 5x5: 25 classes")
    var loader = ExampleLoader(data, isTraining: true)
    var seen: Set<[Float]> = []
    for epoch in 0..<30 {
      try loader.load(0, epoch: epoch)
      var (pixels, classes): ([Float], [Float]) = ([], [])
      loader.append(DataTop.data, to: &pixels)
      loader.append(DataTop.label, to: &classes)
      #expect(classes.count == 25)
      #expect(pixels == classes.map { 10 * $0 })
      seen.insert(classes)
    }
    #expect(seen.count > 10)
  }

  @Test func classesTakeTheNearestPixel() throws {
    try folder.write("a", to: "list")
    let part = try declaration(
      "{source: images, \(MaskTests.fields), list: list, transforms: {type: resize, size: [2, 6]}}")
    let data = try loadParts(train: part, test: nil, directory: folder.path, seed: 1).train
    #expect(
      try data.decoded(0..<1, isTraining: false).targetValues
        == [0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2])
  }

  /// Lists of Pascal VOC have names without an ending.
  @Test func listChoosesImages() throws {
    try folder.write("b/c.d\r\n\na.jpg\n", to: "list")
    let data = try load("list: list, \(MaskTests.fields)")
    #expect(try data.decoded(0..<2, isTraining: false).inputValues == [4, 5, 6, 1, 2, 3])
    try folder.write("a\n", to: "photos/list")
    #expect(try load("list: photos/list, masks: masks").count == 1)
  }

  @Test(arguments: [
    ("c", "list: line 1: expected an image in photos, received 'c', which does not exist"),
    ("a\n\na", "list: line 3: expected each image once, received 'a' as in line 1"),
    ("b", "list: line 1: expected an image in photos, received 'b', which does not exist"),
    (
      "a.jpg 0",
      "list: line 1: expected an image in photos, received 'a.jpg 0', which does not exist"
    ),
    (" \n", "list: expected the name of an image in each line, received none"),
    ("e", "photos/e.jpg: expected the mask masks/e.png, which does not exist"),
    ("f", "list: line 1: expected one image, received 'f' for 'f.jpg', 'f.PNG'"),
  ])
  func wrongListsAreRefused(_ text: String, _ message: String) throws {
    for name in ["e.jpg", "f.jpg", "f.PNG"] {
      try folder.write(PNGFile.grey([1]), to: "photos/\(name)")
    }
    try folder.write(text, to: "list")
    #expect(refusal("list: list, \(MaskTests.fields)") == message)
  }

  @Test func missingAndSurplusMasksAreRefused() throws {
    try folder.write(PNGFile.grey([1]), to: "masks/x.png")
    #expect(refusal() == "masks/x.png: expected an image 'x' in photos, received none")
    try folder.write(PNGFile.grey([1]), to: "masks/b/y.png")
    #expect(
      refusal()
        == "masks/b/y.png: expected an image 'b/y' in photos, received none; 1 more mask has none")
    for name in ["e", "f", "x"] { try folder.write(PNGFile.grey([1]), to: "photos/\(name)") }
    #expect(
      refusal()
        == "photos/e: expected the mask masks/e.png, which does not exist; 1 more image has no mask"
    )
    try folder.write([1], to: "masks/e.bmp")
    #expect(
      refusal()
        == "photos/e: expected the mask masks/e.png, received masks/e.bmp; 1 more image has no mask"
    )
    try folder.write(PNGFile.grey([1]), to: "photos/a.png")
    #expect(
      refusal()
        == "photos: expected a mask for each image, received 'a.jpg' and 'a.png', which share "
        + "masks/a.png")
  }

  @Test func foldersAreSeparate() throws {
    #expect(
      refusal("folder: ., masks: masks")
        == "masks: expected a folder beside ., received one that has files in common "
        + "with it")
    #expect(
      refusal("folder: photos, masks: none")
        == "none: expected a readable folder, which does not exist")
  }

  private static let kind =
    "expected a mask, which is a PNG file of grey values or palette indices that are classes, received "
  private static let advice = ": save the number of each pixel's class as a grey value"

  @Test(arguments: [
    (2, [UInt8](repeating: 1, count: 9), "colors"),
    (4, [UInt8](repeating: 1, count: 6), "grey values with alpha"),
    (6, [UInt8](repeating: 1, count: 12), "colors with alpha"),
  ])
  func colorsAreRefused(_ colorType: Int, _ row: [UInt8], _ received: String) throws {
    try folder.write(PNGFile.file(width: 3, [row], colorType: colorType), to: "masks/a.png")
    #expect(refusal() == "masks/a.png: \(Self.kind)\(received)\(Self.advice)")
  }

  @Test func wrongMasksAreRefused() throws {
    let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 1, 0, 3, 1, 1, 0x11, 0]
    try folder.write(jpeg, to: "masks/a.png")
    #expect(
      refusal()
        == "masks/a.png: \(Self.kind)a JPEG file, whose compression changes numbers\(Self.advice)")
    try folder.write("text", to: "masks/a.png")
    #expect(
      refusal() == "masks/a.png: byte 0: expected a PNG or JPEG file, received text")
    try folder.write(PNGFile.grey([1, 2]), to: "masks/a.png")
    #expect(
      refusal() == "masks/a.png: expected 1x3 pixels, as in photos/a.jpg, received 1x2")
  }

  /// The image has one column when it is shown.
  @Test func masksFollowTheOrientation() throws {
    try folder.write("a", to: "list")
    let fields = "list: list, \(MaskTests.fields)"
    try folder.write(
      PNGFile.file(width: 3, [[1, 2, 3]], orientation: 6), to: "photos/a.jpg")
    #expect(
      refusal(fields)
        == "masks/a.png: expected 3x1 pixels, as in photos/a.jpg, received 1x3, the size of the image "
        + "before its Exif orientation")
    try folder.write(
      PNGFile.file(width: 3, [[0, 1, 2]], orientation: 8), to: "masks/a.png")
    #expect(try load(fields).decoded(0..<1, isTraining: false).targetValues == [2, 1, 0])
  }

  @Test func labelsBeyondTheClassesAreRefused() throws {
    try folder.write(
      PNGFile.file(width: 3, [[0, 1, 2], [0, 9, 0]]), to: "masks/a.png")
    try folder.write(PNGFile.file(width: 3, [[0, 1, 2], [0, 9, 0]]), to: "photos/a.jpg")
    #expect(
      refusal(classes: .count(3))
        == "masks/a.png: row 1, column 1: expected a class from 0 to 2, received 9")
    try folder.write(PNGFile.file(width: 3, [[0, 1, 2], [0, 1, 255]]), to: "masks/a.png")
    #expect(
      refusal(classes: .names(["x", "y", "z"]))
        == "masks/a.png: row 1, column 2: expected a class from 0 to 2, received 255; ignore_label: 255 "
        + "of a loss leaves such pixels out")
    try folder.write(PNGFile.grey([0, 0, 0]), to: "masks/a.png")
    try folder.write(PNGFile.grey([0, 0, 0]), to: "masks/b/c.d.png")
    try folder.write(PNGFile.grey([0, 0, 0]), to: "photos/a.jpg")
    #expect(refusal() == "the masks: expected at least 2 classes, received only 0")
  }

  @Test func declaredShapeNeedsNoFiles() throws {
    let part = try declaration(
      """
      {source: images, folder: none, masks: none, shape: [3, 4, 5], classes: 2, \
      transforms: {type: crop, size: 2}}
      """)
    let signature = try part.signature(directory: folder.path, seed: 1, phase: .train)
    #expect(signature.text == "data 3x2x2, label 2x2: 2 classes")
  }

  /// Both parts have images of different sizes, which the transforms make equal.
  @Test func testMasksMayHaveOtherSizes() throws {
    for name in ["test/photos", "test/masks"] { try folder.makeFolder(name) }
    try folder.write(PNGFile.file(width: 4, [[1, 2, 3, 4], [5, 6, 7, 8]]), to: "test/photos/t")
    try folder.write(
      PNGFile.file(width: 4, [[0, 1, 0, 1], [2, 2, 2, 2]]), to: "test/masks/t.png")
    let transforms = "transforms: {type: resize, size: [2, 4]}"
    let train = try declaration("{source: images, \(MaskTests.fields), \(transforms)}")
    let test = try declaration(
      "{source: images, folder: test/photos, masks: test/masks, color: gray, \(transforms)}",
      phase: .test)
    let parts = try loadParts(train: train, test: test, directory: folder.path, seed: 1)
    #expect(
      try parts.test?.decoded(0..<1, isTraining: false).targetValues == [0, 1, 0, 1, 2, 2, 2, 2])
  }

  /// A test example is shared when image and mask are those of a training example.
  @Test func sharedExamplesHaveOneMask() throws {
    for name in ["test/photos", "test/masks"] { try folder.makeFolder(name) }
    for name in ["same", "other"] {
      try folder.write(PNGFile.grey([1, 2, 3]), to: "test/photos/\(name)")
    }
    try folder.write(PNGFile.grey([0, 1, 2]), to: "test/masks/same.png")
    try folder.write(PNGFile.grey([0, 1, 1]), to: "test/masks/other.png")
    let train = try load()
    let test = try load("folder: test/photos, masks: test/masks, color: gray")
    let found = try #require(try SharedExamples.find(in: test, trainedWith: train))
    #expect(found.count == 1 && found.testCount == 2)
  }

  @Test func headersAndChecksumsAreReadTogether() throws {
    // The header ends behind the first 16 KiB.
    let text = [UInt8](repeating: 65, count: 40_000)
    let file = PNGFile.grey([1, 2, 3])
    let comment = PNGFile.chunk("tEXt", text)
    try folder.write(Array(file[..<33]) + comment + file[33...], to: "long.png")
    for name in ["long.png", "photos/a.jpg"] {
      let path = folder.file(name)
      let found = try ImageFile.headerAndChecksum(path: path)
      #expect(try found.checksum == ImageFile.checksum(path: path))
      #expect(try found.header == ImageFile.header(path: path))
      #expect(found.header.size == PixelSize(height: 1, width: 3))
    }
  }
}
