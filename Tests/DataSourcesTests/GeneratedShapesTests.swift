import DataFiles
import DataSources
import Tensors
import Testing

@Suite struct GeneratedShapesTests {
  private func load(
    _ fields: String = "", phase: DataPhase = .train, seed: Int = 1
  ) throws -> Dataset {
    try declaration("{source: generated_shapes, height: 24, width: 16\(fields)}").source.load(
      context(seed: seed, phase: phase))
  }

  @Test func everyPixelHasAClass() throws {
    let data = try load(", channels: 2, image_count: 50")
    let source = try declaration(
      "{source: generated_shapes, height: 24, width: 16, channels: 2, image_count: 50}"
    ).source
    #expect(try source.signature(context()) == data.signature.with(count: 50))
    #expect(data.signature.text == "data 2x24x16, label 24x16: 4 classes")
    #expect(data.classes == ["background", "disc", "square", "triangle"])
    #expect(Set(data.targetValues) == [0, 1, 2, 3])
    guard case .bytes = data.targets[0].storage else {
      Issue.record("classes are not stored as bytes")
      return
    }
  }

  @Test func brightnessShowsWhereObjectsAre() throws {
    let data = try load(", noise: 0, image_count: 30")
    for image in 0..<30 {
      let labels = try data.targets[0].values(ofExample: image)
      for (value, label) in zip(data.input(image), labels) {
        #expect(label == 0 ? value == 0 : value >= 0.5 && value < 1.5)
      }
    }
    // The noise has its own numbers, so that the objects stay in place.
    let noisy = try load(", noise: 0.5, image_count: 30")
    #expect(noisy.targetValues == data.targetValues)
    let noise = zip(noisy.inputValues, data.inputValues).map { Double($0 - $1) }
    let square = noise.reduce(0) { $0 + $1 * $1 } / Double(noise.count)
    #expect(abs(square.squareRoot() - 0.5) < 0.01)
  }

  /// The share of the object's box that each form fills: π/4, 1 and 1/2.
  @Test func formsHaveTheirAreas() throws {
    let part = try declaration(
      "{source: generated_shapes, height: 64, width: 64, objects: 1, noise: 0, image_count: 300}")
    let data = try part.source.load(context())
    var shares: [Float: [Double]] = [:]
    for image in 0..<300 {
      let labels = try data.targets[0].values(ofExample: image)
      let places = labels.indices.filter { labels[$0] != 0 }
      guard let first = places.first, let last = places.last else { continue }
      let columns = places.map { $0 % 64 }
      let (left, right) = (columns.min() ?? 0, columns.max() ?? 0)
      let (top, bottom) = (first / 64, last / 64)
      // An object at the edge of the image is cut.
      guard left > 0, right < 63, top > 0, bottom < 63 else { continue }
      let box = (right - left + 1) * (bottom - top + 1)
      shares[labels[first], default: []].append(Double(places.count) / Double(box))
    }
    for (form, share) in [(Float(1), Double.pi / 4), (2, 1), (3, 0.5)] {
      let found = try #require(shares[form])
      #expect(found.count > 20)
      #expect(abs(found.reduce(0, +) / Double(found.count) - share) < 0.05, "\(form)")
    }
  }

  @Test func seedAndPhaseDecideEveryImage() throws {
    let first = try load(", image_count: 5")
    #expect(try load(", image_count: 5").inputValues == first.inputValues)
    #expect(try load(", image_count: 5", seed: 2).targetValues != first.targetValues)
    #expect(try load(", image_count: 5", phase: .test).targetValues != first.targetValues)
    // The images do not depend on their number.
    #expect(try load(", image_count: 9").input(3) == first.input(3))
  }

  @Test func otherDeclarationsAreRefused() throws {
    #expect(
      try firstLine("{source: generated_shapes, classes: 3}")
        == "model.yaml:1:37: error: classes: expected 4 classes, received 3 classes")
    #expect(
      try firstLine("{source: generated_shapes, height: 7}")
        == "model.yaml:1:36: error: height: expected an integer from 8 to 10000, received '7'")
    #expect(
      try firstLine("{source: generated_shapes, image_count: 1000000}")
        == "model.yaml:1:10: error: expected at most 1073741824 values, received 1000000 examples "
        + "of 1024 inputs and 1024 targets")
    let named = try declaration("{source: generated_shapes, classes: [a, b, c, d], image_count: 2}")
    let loaded = try loadParts(train: named, test: nil, directory: "", seed: 1)
    #expect(loaded.train.classes == ["a", "b", "c", "d"])
  }
}

extension DataSignature {
  fileprivate func with(count: Int) -> DataSignature { DataSignature(tops, exampleCount: count) }
}
