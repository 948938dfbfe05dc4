internal import YAML

/// A chart's title, followed by the meaning of its marks.
package struct Legend {
  package enum Mark {
    case line(color: Int)
    /// A line of mean values within the band between the least and the greatest value.
    case range(color: Int)
    case measurements(color: Int)
    case point(color: Int)
    case gap
    /// A dashed line.
    case divergence
  }

  package struct Entry {
    package let name: String
    package let mark: Mark

    package init(name: String, mark: Mark) {
      self.name = name
      self.mark = mark
    }
  }

  static let rowHeight = 18.0
  private static let entryLimit = 24
  private static let markWidth = 24.0

  private let title: String
  private var placements: [(entry: Entry, x: Double, row: Int)] = []
  /// The text after the last entry, when there are too many entries.
  private var remainder: (text: String, x: Double, row: Int)?
  package private(set) var rowCount = 1

  package init(title: String, entries: [Entry], width: Double) {
    self.title = title.shortened(to: 60)
    var x = textWidth(self.title, size: 13.5) + 18
    func place(width entryWidth: Double) -> (x: Double, row: Int) {
      if x + entryWidth > width, x > 0 {
        x = 0
        rowCount += 1
      }
      defer { x += entryWidth + 16 }
      return (x, rowCount - 1)
    }
    for entry in entries.prefix(Legend.entryLimit) {
      let entry = Entry(name: entry.name.shortened(to: 40), mark: entry.mark)
      let place = place(width: Legend.markWidth + textWidth(entry.name, size: 11))
      placements.append((entry, place.x, place.row))
    }
    if entries.count > Legend.entryLimit {
      let text = "and \(entries.count - Legend.entryLimit) more"
      let place = place(width: textWidth(text, size: 11))
      remainder = (text, place.x, place.row)
    }
  }

  var height: Double { Double(rowCount) * Legend.rowHeight }

  /// Draws the legend with its upper left corner at (`left`, `top`).
  package func draw(into writer: inout MarkupWriter, left: Double, top: Double) {
    func baseline(_ row: Int) -> Double { top + 13 + Double(row) * Legend.rowHeight }
    writer.element(
      "text", ["class": "title", "x": .pixels(left), "y": .pixels(baseline(0))], text: title)
    for (entry, x, row) in placements {
      draw(entry.mark, into: &writer, x: left + x, y: baseline(row) - 4)
      writer.element(
        "text", ["x": .pixels(left + x + Legend.markWidth), "y": .pixels(baseline(row))],
        text: entry.name)
    }
    if let (text, x, row) = remainder {
      writer.element(
        "text", ["class": "note", "x": .pixels(left + x), "y": .pixels(baseline(row))], text: text)
    }
  }

  private func draw(_ mark: Mark, into writer: inout MarkupWriter, x: Double, y: Double) {
    func bar(_ writer: inout MarkupWriter, _ name: StaticString) {
      var path = PathData(unit: .tenth)
      path.move(x: Int(x * 10), y: Int(y * 10))
      path.line(x: Int(x * 10) + 180, y: Int(y * 10))
      writer.element("path", ["class": .constant(name), "d": .path(path)])
    }
    func rectangle(_ writer: inout MarkupWriter, _ name: StaticString) {
      writer.element(
        "rect",
        [
          "class": .constant(name), "x": .pixels(x), "y": .pixels(y - 5), "width": "18",
          "height": "10",
        ])
    }
    func circle(_ writer: inout MarkupWriter, _ name: StaticString) {
      writer.element(
        "circle", ["class": .constant(name), "cx": .pixels(x + 9), "cy": .pixels(y), "r": "3"])
    }
    switch mark {
    case .line(let color):
      writer.element("g", ["class": .numbered("c", color)]) { bar(&$0, "line") }
    case .range(let color):
      writer.element("g", ["class": .numbered("c", color)]) {
        rectangle(&$0, "band")
        bar(&$0, "line")
      }
    case .measurements(let color):
      writer.element("g", ["class": .numbered("c", color)]) {
        bar(&$0, "line")
        circle(&$0, "dots")
      }
    case .point(let color):
      writer.element("g", ["class": .numbered("c", color)]) { group in
        group.element("g", ["class": "regions"]) { rectangle(&$0, "region") }
        circle(&group, "point")
      }
    case .gap: bar(&writer, "gap")
    case .divergence: bar(&writer, "divergence")
    }
  }
}
