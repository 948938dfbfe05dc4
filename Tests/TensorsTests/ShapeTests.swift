import Tensors
import Testing

@Suite("Shapes") struct ShapeTests {
  struct Case: CustomTestStringConvertible {
    let axes: [Int]
    let count: Int?

    var testDescription: String { "\(axes)" }
  }

  @Test(
    "count their elements, or refuse",
    arguments: [
      Case(axes: [], count: 1),
      Case(axes: [0], count: 0),
      Case(axes: [7], count: 7),
      Case(axes: [2, 3, 5], count: 30),
      Case(axes: [4, 0, 9], count: 0),
      Case(axes: [Int.max], count: Int.max),
      Case(axes: [Int.max, 1], count: Int.max),
      Case(axes: [1 << 31, 1 << 31], count: 1 << 62),
      Case(axes: [1 << 32, 1 << 31], count: nil),
      Case(axes: [Int.max, 2], count: nil),
      Case(axes: [2, Int.max, 0], count: nil),
      Case(axes: [-1], count: nil),
      Case(axes: [-2, -3], count: nil),
      Case(axes: [0, -1], count: nil),
    ])
  func counting(test: Case) {
    let shape = Shape(checking: test.axes)
    #expect(shape?.count == test.count)
    #expect(shape?.axes == (test.count == nil ? nil : test.axes))
  }

  @Test("show at most 32 of their axes")
  func longDescription() {
    let ones = String(repeating: "1x", count: 31)
    #expect(Shape([Int](repeating: 1, count: 32)).description == ones + "1")
    #expect(Shape([Int](repeating: 1, count: 33)).description == ones + "1x… (33 axes)")
    #expect(
      Shape([Int](repeating: 1, count: 100_000)).description == ones + "1x… (100000 axes)")
  }

  @Test("give their axes, those of an example, and their description")
  func parts() {
    let shape = Shape([20, 3, 4])
    #expect(shape.rank == 3)
    #expect(shape[0] == 20)
    #expect(shape.example == Shape([3, 4]))
    #expect(shape.count(in: 1..<3) == 12)
    #expect(shape.count(in: 3..<3) == 1)
    #expect(shape.description == "20x3x4")
    #expect(Shape.scalar.description == "scalar")
    #expect(Shape.scalar.example == Shape.scalar)
    #expect(Shape([1]) != Shape.scalar)
  }

  @Test(
    "find an axis from either end", arguments: zip([-4, -3, -1, 0, 2, 3], [nil, 0, 2, 0, 2, nil]))
  func axis(index: Int, axis: Int?) {
    #expect(Shape([20, 3, 4]).axis(index) == axis)
  }
}
