import DataFiles
import DataSources
import Fields
import Tensors
import Testing
import YAML

/// The results of transforms, in cases with a known result.
@Suite struct TransformChainTests {
  /// Returns the first example after transforms, as tests or the first epoch of training see it.
  private func result(
    _ transforms: String, _ shape: [Int], _ values: [Float], isTraining: Bool = false,
    epoch: Int = 0
  ) throws -> (shape: [Int], values: [Float]) {
    let top = DataTop(DataTop.data, shape: Shape(shape))
    let storage = try #require(FloatStorage(count: values.count))
    for (index, value) in values.enumerated() { storage[index] = value }
    let data = Dataset(count: 1, [ExampleTensor(top, .floats(storage))])
    let chain = try TransformChain(
      try TransformCatalogTests.transforms(transforms), of: data.tops, seed: 1, phase: .train)
    var loader = ExampleLoader(data.transformed(by: chain), isTraining: isTraining)
    try loader.load(0, epoch: epoch)
    var result = [Float](repeating: .nan, count: chain.tops[0].width)
    var span = result.mutableSpan
    loader.copy(DataTop.data, to: &span)
    return (chain.tops[0].shape.axes, result)
  }

  private let ramp = (0..<16).map { Float($0) }

  @Test func cropIsCentralInTests() throws {
    let middle = try result("{type: crop, size: 2}", [1, 4, 4], ramp)
    #expect(middle.shape == [1, 2, 2])
    #expect(middle.values == [5, 6, 9, 10])
    // The padding is as wide at all sides, so that the box stays in the middle.
    let padded = try result("{type: crop, size: 4, pad: 3, fill: 9}", [1, 4, 4], ramp)
    #expect(padded.values == ramp)
    let wide = try result("{type: crop, size: [1, 8], pad: 2, fill: -1}", [4, 4], ramp)
    #expect(wide.shape == [1, 8])
    #expect(wide.values == [-1, -1, 8, 9, 10, 11, -1, -1])
  }

  /// Each of the nine places of a 2 x 2 box in 4 x 4 pixels occurs, and no other.
  @Test func cropTakesEveryPlace() throws {
    var corners: Set<Float> = []
    for epoch in 0..<200 {
      let box = try result(
        "{type: crop, size: 2}", [1, 4, 4], ramp, isTraining: true, epoch: epoch)
      #expect(box.values.map { $0 - box.values[0] } == [0, 1, 4, 5])
      corners.insert(box.values[0])
    }
    #expect(corners.sorted() == [0, 1, 2, 4, 5, 6, 8, 9, 10])
  }

  @Test func mirrorExchangesSides() throws {
    let row = try result(
      "{type: mirror, probability: 1}", [2, 1, 3], [1, 2, 3, 4, 5, 6], isTraining: true)
    #expect(row.values == [3, 2, 1, 6, 5, 4])
    let column = try result(
      "{type: mirror, probability: 1, direction: vertical}", [1, 3, 2], [1, 2, 3, 4, 5, 6],
      isTraining: true)
    #expect(column.values == [5, 6, 3, 4, 1, 2])
    #expect(try result("{type: mirror, probability: 1}", [1, 1, 2], [1, 2]).values == [1, 2])
    let mirrored = try (0..<1000).count { epoch in
      try result("mirror", [1, 1, 2], [1, 2], isTraining: true, epoch: epoch).values == [2, 1]
    }
    #expect((440...560).contains(mirrored))
  }

  /// An image that is magnified twice about its middle has half the slope.
  @Test func affineInterpolatesBilinearly() throws {
    let still = try result("{type: rotate, degrees: 0}", [1, 4, 4], ramp, isTraining: true)
    #expect(still.values == ramp)
    let large = try result(
      "{type: affine, scale: [2, 2]}", [1, 4, 4], ramp, isTraining: true)
    // The middle is 7.5, and a column of the result is half a column of the image.
    let expected = (0..<16).map { index -> Float in
      let (row, column) = (Float(index / 4) - 1.5, Float(index % 4) - 1.5)
      return 7.5 + column / 2 + 2 * row
    }
    #expect(large.values == expected)
    let small = try result(
      "{type: affine, scale: [0.01, 0.01], fill: 7}", [1, 4, 4], ramp, isTraining: true)
    #expect(small.values == [Float](repeating: 7, count: 16))
  }

  /// The numbers are those of Pillow 13 for images of mode F:
  /// `Image.fromarray(np.arange(16, dtype="f4").reshape(4, 4)).resize((w, h), Image.BILINEAR)`.
  @Test func resizeIsAntialiased() throws {
    let half = try result("{type: resize, size: 2}", [1, 4, 4], ramp)
    #expect(half.shape == [1, 2, 2])
    let expected: [Float] = [3.571429, 5.142857, 9.857143, 11.428572]
    for (value, expected) in zip(half.values, expected) { #expect(abs(value - expected) < 1e-5) }
    let wide = try result("{type: resize, size: [1, 4]}", [1, 4, 4], ramp)
    #expect(wide.shape == [1, 1, 4])
    let means: [Float] = [6, 7, 8, 9]
    for (value, expected) in zip(wide.values, means) { #expect(abs(value - expected) < 1e-5) }
    // The shorter side is stated, and the other keeps the proportions.
    let shorter = try result(
      "{type: resize, size: 2}", [2, 1, 3], [Float](repeating: 5, count: 6))
    #expect(shorter.shape == [2, 2, 6])
    #expect(shorter.values.allSatisfy { $0 == 5 })
  }

  @Test func colorsAreMixed() throws {
    let pixel: [Float] = [100, 200, 50]
    let grey: Float = 0.299 * 100 + 0.587 * 200 + 0.114 * 50
    let one = try result("grayscale", [3, 1, 1], pixel)
    #expect(one.shape == [1, 1, 1])
    #expect(abs(one.values[0] - grey) < 1e-4)
    #expect(try result("{type: grayscale, channels: 3}", [3, 1, 1], pixel).values.count == 3)
    for epoch in 0..<20 {
      let bright = try result(
        "{type: brightness, amount: 0.5}", [3, 1, 1], pixel, isTraining: true, epoch: epoch)
      let factor = bright.values[0] / 100
      #expect((0.5...1.5).contains(factor))
      #expect(abs(bright.values[1] - 200 * factor) < 1e-3)
      let saturated = try result(
        "{type: saturation, amount: 0.5}", [3, 1, 1], pixel, isTraining: true, epoch: epoch)
      let share = (saturated.values[0] - grey) / (100 - grey)
      #expect((0.5...1.5).contains(share))
      #expect(abs(saturated.values[2] - (grey + share * (50 - grey))) < 1e-2)
      // The mean grey value of two pixels stays.
      let contrast = try result(
        "{type: contrast, amount: 0.5}", [1, 1, 2], [10, 30], isTraining: true, epoch: epoch)
      #expect(abs(contrast.values[0] + contrast.values[1] - 40) < 1e-4)
      #expect((10...30).contains(contrast.values[1] - contrast.values[0]))
    }
  }

  @Test func erasedBoxesHaveTheirArea() throws {
    var areas: [Int] = []
    let ones = [Float](repeating: 1, count: 3 * 400)
    for epoch in 0..<300 {
      let erased = try result(
        "{type: random_erase, area: [0.1, 0.2], fill: 5}", [3, 20, 20], ones, isTraining: true,
        epoch: epoch)
      let count = erased.values.count { $0 == 5 }
      #expect(erased.values.allSatisfy { $0 == 1 || $0 == 5 } && count % 3 == 0)
      if count > 0 { areas.append(count / 3) }
    }
    #expect((120...180).contains(areas.count))
    // The sides are rounded to pixels.
    #expect(areas.allSatisfy { (30...95).contains($0) })
  }

  @Test func noiseHasItsDeviation() throws {
    let zeros = [Float](repeating: 0, count: 10_000)
    let noise = try result(
      "{type: gaussian_noise, std: 2}", [10_000], zeros, isTraining: true
    ).values
    let square = noise.reduce(0.0) { $0 + Double($1) * Double($1) } / 10_000
    #expect(abs(square.squareRoot() - 2) < 0.06)
    #expect(abs(noise.reduce(0.0) { $0 + Double($1) } / 10_000) < 0.08)
  }

  /// Linear transforms in a row round once: 16777217 − 16777216 would be 0 in float32.
  @Test func linearTransformsFollowTheFile() throws {
    let values: [Float] = [3, 5]
    let first = try result("[{type: mean, value: 1}, {type: scale, factor: 10}]", [2], values)
    #expect(first.values == [20, 40])
    let second = try result("[{type: scale, factor: 10}, {type: mean, value: 1}]", [2], values)
    #expect(second.values == [29, 49])
    let exact = try result(
      "[{type: scale, factor: 5592405.3333333}, {type: mean, value: 16777216}]", [1], [3])
    #expect(abs(exact.values[0] + 1e-7) < 1e-6 && exact.values[0] != 0)
  }
}

/// The tensors that transforms change, and the transforms that do not suit them.
@Suite struct TransformSubjectTests {
  /// An image with a class for each pixel, and with a class.
  private func data() throws -> Dataset {
    let values = try #require(FloatStorage(count: 4))
    let mask = try #require(FloatStorage(count: 4))
    for index in 0..<4 { (values[index], mask[index]) = (Float(index + 1) * 10, Float(index)) }
    let label = try #require(FloatStorage(count: 1))
    label[0] = 2
    return Dataset(
      count: 1,
      [
        ExampleTensor(DataTop(DataTop.data, shape: Shape([1, 2, 2])), .floats(values)),
        ExampleTensor(
          DataTop(classes: .count(4), shape: Shape([2, 2]), name: "mask"), .floats(mask)),
        ExampleTensor(DataTop(classes: .count(3)), .floats(label)),
      ])
  }

  private func loaded(_ transforms: String, outside: Float = 255) throws -> [String: [Float]] {
    let data = try data()
    let chain = try TransformChain(
      try TransformCatalogTests.transforms(transforms), of: data.tops, seed: 1, outside: outside,
      phase: .train)
    var loader = ExampleLoader(data.transformed(by: chain), isTraining: true)
    try loader.load(0, epoch: 0)
    var result: [String: [Float]] = [:]
    for top in chain.tops {
      var values = [Float](repeating: .nan, count: top.width)
      var span = values.mutableSpan
      loader.copy(top.name, to: &span)
      result[top.name] = values
    }
    return result
  }

  @Test func classesOfPixelsMoveWithThem() throws {
    let mirrored = try loaded("{type: mirror, probability: 1}")
    #expect(mirrored["data"] == [20, 10, 40, 30])
    #expect(mirrored["mask"] == [1, 0, 3, 2])
    #expect(mirrored["label"] == [2])
    let only = try loaded("{type: mirror, probability: 1, top: mask}")
    #expect(only["data"] == [10, 20, 30, 40])
    #expect(only["mask"] == [1, 0, 3, 2])
    let large = try loaded("{type: resize, size: 4}")
    #expect(large["mask"] == [0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3])
    // Added pixels are the class that the network ignores.
    let padded = try loaded("{type: crop, size: [2, 6], pad: 2}")
    #expect(padded["mask"]?.contains(255) == true)
    #expect(padded["data"]?.contains(0) == true)
    let turned = try loaded("{type: rotate, degrees: 180}")
    #expect(turned["mask"]?.allSatisfy { [0, 1, 2, 3, 255].contains($0) } == true)
  }

  @Test func oneHotSpreadsClasses() throws {
    let classes = try loaded("{type: one_hot, smoothing: 0.3, top: label}")["label"] ?? []
    for (value, expected) in zip(classes, [0.1, 0.1, 0.8] as [Float]) {
      #expect(abs(value - expected) < 1e-6)
    }
    #expect(classes.count == 3)
    let places = try loaded("{type: one_hot, top: mask}")["mask"]
    #expect(places == [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
  }

  @Test func batchesAreMixedWithTheNextExample() {
    var values: [Float] = [1, 10, 2, 20, 4, 40]
    var span = values.mutableSpan
    Mixup.mix(&span, count: 3, share: 0.75)
    #expect(values == [1.25, 12.5, 2.5, 25, 3.25, 32.5])
  }

  @Test(arguments: [
    (
      "{type: crop, size: 3}",
      "transform crop: expected images of at least 3x3 pixels, received 2x2"
    ),
    (
      "{type: crop, size: 3, top: label}",
      "transform crop: expected images of shape [channels, height, width], received 'label' of shape "
        + "scalar"
    ),
    ("grayscale", "transform grayscale: expected images of 3 channels, received 1"),
    (
      "{type: mean, value: [1, 2]}",
      "transform mean: expected 1 number of 1x2x2, received 2"
    ),
    (
      "{type: mirror, top: other}",
      "transform mirror: top: expected one of 'data', 'mask', 'label', received 'other'"
    ),
    (
      "mixup",
      "transform mixup: expected numbers for 'mask', received classes: put one_hot before "
        + "mixup"
    ),
    ("[one_hot, mixup, mirror]", "transform mirror: expected no transform after mixup"),
    (
      "[standardize, standardize]",
      "transform standardize: expected at most one transform that standardizes"
    ),
    (
      "[standardize, {type: resize, size: 4}]",
      "transform resize: expected before standardize, since it changes the shape"
    ),
    (
      "{type: one_hot, top: data}",
      "transform one_hot: expected a target with classes, received values"
    ),
  ])
  func unsuitableTransformsAreRefused(_ transforms: String, _ message: String) throws {
    let data = try data()
    let declared = try TransformCatalogTests.transforms(transforms)
    let failure = failure { () throws(DataFailure) in
      try TransformChain(declared, of: data.tops, seed: 1, phase: .train)
    }
    #expect(failure == .field("transforms", message: "train data: \(message)", of: .train))
  }

  /// A number between two indices would name no category.
  @Test func indicesOfCategoriesAreNotMixed() throws {
    let storage = try #require(FloatStorage(count: 2))
    let top = DataTop(
      DataTop.data, shape: Shape([2]), valueNames: ["age", "city"], categoryCounts: [nil, 3])
    let data = Dataset(count: 1, [ExampleTensor(top, .floats(storage))])
    let declared = try TransformCatalogTests.transforms("mixup")
    let failure = failure { () throws(DataFailure) in
      try TransformChain(declared, of: data.tops, seed: 1, phase: .train)
    }
    #expect(
      failure
        == .field(
          "transforms",
          message: "train data: transform mixup: expected numbers for 'data', received the index "
            + "of a category in 'city': use the encoding one_hot", of: .train))
  }

  @Test func wrongTransformsAreRefusedAtTheirPlace() throws {
    #expect(
      try firstLine("{source: xor, transforms: [{type: mirror, probability: 2}]}")
        == "model.yaml:1:56: error: probability: expected a number from 0 to 1, received '2'")
    #expect(
      try firstLine("{source: xor, transforms: [mirorr]}")
        == "model.yaml:1:28: error: unknown transform type 'mirorr' (known types: "
        + TransformCatalog.all.names.joined(separator: ", ") + "); did you mean 'mirror'?")
  }
}
