import Reports
import Testing

@Suite("Path data")
struct PathDataTests {
  private func path(_ unit: PathData.Unit, _ build: (inout PathData) -> Void) -> String {
    var path = PathData(unit: unit)
    build(&path)
    return String(decoding: path.bytes, as: UTF8.self)
  }

  @Test("is relative, with no more separators than SVG needs")
  func relative() {
    let text = path(.one) {
      $0.move(x: 10, y: 20)
      $0.line(x: 12, y: 17)
      $0.line(x: 11, y: 17)
      $0.line(x: 11, y: 30)
    }
    #expect(text == "m10 20 2-3-1 0 0 13")
  }

  @Test("counts in tenths without accumulating errors")
  func tenths() {
    let text = path(.tenth) {
      $0.move(x: 3, y: -4)
      for step in 1...3 { $0.line(x: 3 + step, y: -4 + step * step) }
    }
    #expect(text == "m.3-.4 .1 .1 .1 .3 .1 .5")
  }

  @Test("joins only lines in one direction")
  func joining() {
    let text = path(.one) {
      $0.move(x: 0, y: 0)
      $0.line(x: 1, y: 2)
      $0.line(x: 2, y: 4)
      $0.line(x: 2, y: 4)
      $0.line(x: 4, y: 8)
      $0.line(x: 3, y: 6)
      $0.line(x: 3, y: 5)
    }
    #expect(text == "m0 0 4 8-1-2 0-1")
  }

  @Test("continues from the first point of a closed part")
  func closing() {
    let text = path(.one) {
      $0.move(x: 5, y: 5)
      $0.line(x: 9, y: 5)
      $0.line(x: 9, y: 9)
      $0.close()
      $0.move(x: 6, y: 7)
      $0.line(x: 6, y: 8)
      $0.close()
    }
    #expect(text == "m5 5 4 0 0 4zm1 2 0 1z")
  }

  @Test("draws a line of one point as a dot")
  func dots() {
    let text = path(.one) {
      $0.move(x: 1, y: 1)
      $0.line(x: 1, y: 1)
      $0.endLine()
      $0.move(x: 2, y: 1)
      $0.line(x: 3, y: 1)
      $0.endLine()
    }
    #expect(text == "m1 1h0m1 0 1 0")
  }

  @Test("is empty until something is drawn")
  func emptiness() {
    var path = PathData(unit: .one)
    #expect(path.isEmpty)
    #expect(path.bytes == [])
    path.move(x: 0, y: 0)
    #expect(!path.isEmpty)
  }
}
