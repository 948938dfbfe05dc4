import DataFiles
import DataSources
import Files
import Oracles
import Tensors
import Testing
import YAML

@Suite struct GeneratedImagesTests {
  private func load(
    _ fields: String = "", phase: DataPhase = .train, seed: Int = 1
  ) throws -> Dataset {
    try declaration("{source: generated_images\(fields)}").source.load(
      context(seed: seed, phase: phase))
  }

  private static let small = ", channels: 2, height: 6, width: 5, class_count: 3"

  @Test func dataAreWhatTheSignatureSays() throws {
    let source = try declaration("{source: generated_images\(Self.small)}").source
    let signature = try source.signature(context())
    let data = try source.load(context())
    #expect(
      data.inputTop.shape == Shape([2, 6, 5]) && signature.inputTop.shape == data.inputTop.shape)
    #expect(data.count == 300 && signature.exampleCount == 300)
    #expect(data.classes == ["0", "1", "2"])
    #expect(data.targetValues == (0..<300).map { Float($0 / 100) })
    #expect(data.inputNames == [] && signature.inputNames == [])
    #expect(try load(", images_per_class: 2").inputTop.shape == Shape([3, 32, 32]))
  }

  @Test func seedAndPhaseDecideEveryNumber() throws {
    let first = try load(Self.small).inputValues
    #expect(try load(Self.small).inputValues == first)
    #expect(try load(Self.small, seed: 2).inputValues != first)
    let test = try load(Self.small, phase: .test).inputValues
    #expect(zip(first, test).count { $0 == $1 } == 0)
    // Without noise and shift both phases equal the patterns.
    let exact = try load(Self.small + ", noise: 0, shift: 0")
    #expect(
      try load(Self.small + ", noise: 0, shift: 0", phase: .test).inputValues
        == exact.inputValues)
    #expect(exact.input(0) == exact.input(99) && exact.input(0) != exact.input(100))
  }

  @Test func imagesAreShiftedPatterns() throws {
    let pattern = try load(Self.small + ", noise: 0, shift: 0").input(0)
    let shifted = try load(Self.small + ", noise: 0, shift: 1")
    var shifts: Set<[Int]> = []
    for example in 0..<100 {
      let image = shifted.input(example)
      let found = (-1...1).flatMap { down in (-1...1).map { [down, $0] } }.filter { shift in
        (0..<60).allSatisfy { place in
          let (channel, row, column) = (place / 30, place / 5 % 6, place % 5)
          let source = (row + shift[0] + 6) % 6 * 5 + (column + shift[1] + 5) % 5
          return image[place] == pattern[channel * 30 + source]
        }
      }
      try #require(found.count == 1)
      shifts.insert(found[0])
    }
    #expect(shifts.count == 9)
  }

  @Test func valuesHaveTheStatedDeviation() throws {
    // The mean square of the values of 2,000 patterns is close to 1.
    let patterns = try load(
      ", class_count: 500, images_per_class: 2, channels: 4, height: 4, "
        + "width: 4, noise: 0, shift: 0"
    ).inputValues
    let power = { (values: [Float]) in
      values.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(values.count)
    }
    #expect(abs(power(patterns) - 1) < 0.1)
    let noisy = try load(
      ", class_count: 2, images_per_class: 500, height: 8, width: 8, shift: 0, noise: 3")
    let exact = try load(
      ", class_count: 2, images_per_class: 500, height: 8, width: 8, shift: 0, noise: 0")
    let noise = zip(noisy.inputValues, exact.inputValues).map { $0 - $1 }
    #expect(abs(power(noise) - 9) < 0.2)
  }

  /// The nearest pattern identifies the class of noisy test images.
  @Test(.tags(.slow)) func classesCanBeLearned() throws {
    let fields = ", height: 12, width: 12, class_count: 5, images_per_class: 50, shift: 0"
    let (train, test) = (try load(fields), try load(fields, phase: .test))
    let means = (0..<5).map { label in
      (0..<432).map { place in
        (0..<50).reduce(Float(0)) { $0 + train.input(label * 50 + $1)[place] } / 50
      }
    }
    let right = (0..<test.count).count { index in
      let image = test.input(index)
      let distances = means.map { mean in
        zip(mean, image).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      return distances.firstIndex(of: distances.min() ?? 0) == Int(test.targetValues[index])
    }
    #expect(right > 240)
  }

  @Test func contradictionsAreReportedBeforeAnImageIsDrawn() throws {
    #expect(
      try firstLine("{source: generated_images, shape: [3, 32]}")
        == "model.yaml:1:35: error: shape: expected 3072 values for each example, received 3x32, "
        + "which has 96")
    #expect(
      try firstLine("{source: generated_images, channels: 10000, height: 10000, width: 10000}")
        == "model.yaml:1:10: error: expected at most 1073741824 values, received 1000 examples of "
        + "1000000000000 inputs and 1 target")
    #expect(
      try firstLine("{source: generated_images, mean: [1, 2]}")
        == "model.yaml:1:34: error: mean: expected 1 number or 3, one for each channel (the first "
        + "axis) of 3x32x32, received 2")
    #expect(try refusal("{source: generated_images, mean: [1, 2, 3], shape: [3, 1024]}") == "")
    #expect(try refusal("{source: generated_images, mean: [1, 2], shape: [2, 1536]}") == "")
  }

  @Test func everyTopHasAnImageOfTheClass() throws {
    let fields = Self.small + ", noise: 0, shift: 0, images_per_class: 4"
    let single = try load(fields)
    let data = try load(fields + ", tops: [front, back]")
    #expect(data.signature.text == "front 2x6x5, back 2x6x5, label: 3 classes")
    #expect(data.targetValues == single.targetValues)
    let (front, back) = (data.tensors[0], data.tensors[1])
    for example in 0..<12 {
      let values = try back.values(ofExample: example)
      #expect(try front.values(ofExample: example) == single.input(example))
      #expect(values != single.input(example))
      #expect(try values == back.values(ofExample: example / 4 * 4))
    }
    let source = try declaration("{source: generated_images, tops: [front, back]}").source
    #expect(try source.signature(context()).topNames.inputs == ["front", "back"])
  }

  @Test func pairsHaveOneClassOrTwo() throws {
    let fields = Self.small + ", noise: 0, shift: 0, images_per_class: 40"
    let single = try load(fields)
    let data = try load(fields + ", tops: [left, right], pairs: true")
    #expect(data.classes == ["different", "same"])
    let labels = data.targetValues
    for example in 0..<120 {
      #expect(try data.tensors[0].values(ofExample: example) == single.input(example))
      let right = try data.tensors[1].values(ofExample: example)
      #expect((right == single.input(example)) == (labels[example] == 1))
      #expect([0, 40, 80].contains { right == single.input($0) })
    }
    #expect((40...80).contains(labels.count { $0 == 1 }))
    #expect(try load(fields + ", tops: [a, b], pairs: true", phase: .test).targetValues != labels)
  }

  @Test(arguments: [
    (
      "pairs: true",
      "1:35: error: pairs: expected two tops for the images of a pair, received 1"
    ),
    (
      "tops: [a, label]",
      "1:1: error: label: expected a top that is not in tops, received 'label'"
    ),
    (
      "tops: [a, b], pairs: true, classes: 3",
      "1:64: error: classes: expected 2 classes, received 3 classes"
    ),
  ])
  func wrongTopsAreRefused(_ fields: String, _ message: String) throws {
    #expect(try firstLine("{source: generated_images, \(fields)}") == "model.yaml:\(message)")
  }
}
