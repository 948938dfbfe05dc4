import Reports
import Testing

@Suite("Region outlines")
struct RegionOutlinesTests {
  private func paths(_ rows: [[UInt8]]) -> [Int: [[Point]]] {
    let outlines = RegionOutlines(
      classes: rows.flatMap(\.self), columns: rows.first?.count ?? 0, rows: rows.count)
    return Dictionary(
      uniqueKeysWithValues: outlines.paths.map { ($0.classIndex, polygons($0.path)) })
  }

  private struct Point: Hashable {
    var x: Int
    var y: Int
  }

  /// Returns the corners of each closed part of a path.
  private func polygons(_ path: PathData) -> [[Point]] {
    var polygons: [[Point]] = []
    var start = Point(x: 0, y: 0)
    for part in String(decoding: path.bytes, as: UTF8.self).split(separator: "z") {
      let text = part.dropFirst().replacing("-", with: " -")
      let numbers = text.split(separator: " ").compactMap { Int($0) }
      #expect(part.first == "m" && numbers.count.isMultiple(of: 2))
      var point = start
      var polygon: [Point] = []
      for index in stride(from: 0, to: numbers.count, by: 2) {
        point.x += numbers[index]
        point.y += numbers[index + 1]
        polygon.append(point)
      }
      start = polygon[0]
      polygons.append(polygon)
    }
    return polygons
  }

  /// Returns twice the area, which is positive if the inside is on the right of the outline (y
  /// downwards).
  private func doubledArea(_ polygon: [Point]) -> Int {
    zip(polygon, polygon.dropFirst() + polygon.prefix(1)).reduce(0) { sum, edge in
      sum + edge.0.x * edge.1.y - edge.1.x * edge.0.y
    }
  }

  @Test("of one class are a single ring around the whole grid")
  func oneClass() throws {
    let paths = paths([[3, 3], [3, 3]])
    #expect(paths.keys.sorted() == [3])
    let ring = try #require(paths[3]?.first)
    #expect(paths[3]?.count == 1)
    // The grid is 16 units wide, and the ring passes it two cells outside.
    #expect(ring.map(\.x).min() == -16 && ring.map(\.x).max() == 32)
    #expect(ring.map(\.y).min() == -16 && ring.map(\.y).max() == 32)
    #expect(!ring.contains { (0...16).contains($0.x) && (0...16).contains($0.y) })
  }

  @Test("of two halves meet on one straight line")
  func twoHalves() throws {
    let paths = paths([[0, 0, 1, 1], [0, 0, 1, 1]])
    let left = try #require(paths[0]?.first)
    let right = try #require(paths[1]?.first)
    #expect(left.map(\.x).max() == 16)
    #expect(right.map(\.x).min() == 16)
  }

  @Test("surround holes in the opposite direction")
  func holes() throws {
    let rows = (0..<9).map { y in
      (0..<9).map { x in UInt8((3...5).contains(x) && (3...5).contains(y) ? 1 : 0) }
    }
    let paths = paths(rows)
    let outer = try #require(paths[0])
    let inner = try #require(paths[1])
    #expect(outer.map { doubledArea($0) > 0 } == [true, false])
    #expect(inner.count == 1)
    #expect(doubledArea(inner[0]) == -doubledArea(outer[1]))
    #expect(Set(inner[0]) == Set(outer[1]), "both sides of an edge are the same points")
    #expect(inner[0].allSatisfy { (24...48).contains($0.x) && (24...48).contains($0.y) })
  }

  @Test("keep a single cell, as a diamond")
  func singleCell() throws {
    let paths = paths([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
    let cell = try #require(paths[1]?.first)
    #expect(
      cell == [.init(x: 12, y: 8), .init(x: 16, y: 12), .init(x: 12, y: 16), .init(x: 8, y: 12)])
  }

  @Test("let one of two crossing classes pass, without a gap")
  func crossing() throws {
    let paths = paths([[0, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0]])
    // The lower class passes, so that the other class consists of two diamonds.
    #expect(paths[1]?.count == 2)
    #expect(paths[0]?.count == 3)
    let inverse = self.paths([[1, 1, 1, 1], [1, 1, 0, 1], [1, 0, 1, 1], [1, 1, 1, 1]])
    #expect(inverse[0]?.count == 1)
    #expect(inverse[1]?.count == 2)
  }

  @Test("of two classes have neither gaps nor overlaps")
  func coverage() {
    var state: UInt32 = 1
    let rows = (0..<40).map { y in
      (0..<30).map { x -> UInt8 in
        state = state &* 1_664_525 &+ 1_013_904_223
        let isRim = x == 0 || y == 0 || x == 29 || y == 39
        return isRim ? 0 : UInt8(state >> 31)
      }
    }
    let areas = paths(rows).values.joined().map(doubledArea)
    let ring = paths(rows.map { $0.map { _ in 0 } }).values.joined().map(doubledArea)
    #expect(areas.count > 100)
    #expect(areas.reduce(0, +) == ring.reduce(0, +))
  }

  @Test("smooth a slanted edge")
  func smoothing() throws {
    let rows = (0..<40).map { y in (0..<40).map { x in UInt8(x * 2 < y + 20 ? 0 : 1) } }
    let edge = try #require(paths(rows)[1]?.first).filter {
      (20..<300).contains($0.y) && (1..<300).contains($0.x)
    }
    #expect(edge.count > 20)
    for point in edge {
      let exact = (Double(point.y) + 160) / 2
      #expect(abs(Double(point.x) - exact) < 5)
    }
  }

  @Test(
    "of an empty grid are empty",
    arguments: [(0, 0), (0, 5), (5, 0)])
  func empty(columns: Int, rows: Int) {
    #expect(RegionOutlines(classes: [], columns: columns, rows: rows).paths.isEmpty)
  }

  @Test("name all 256 classes")
  func everyClass() {
    let outlines = RegionOutlines(classes: Array(0...255), columns: 16, rows: 16)
    #expect(outlines.paths.map(\.classIndex) == Array(0...255))
    #expect(outlines.paths.allSatisfy { !$0.path.isEmpty })
  }
}
