/// The rectangle of a chart in which values are drawn, with the axes around it.
package struct PlotArea: Sendable {
  package let left: Double
  package let top: Double
  package let width: Double
  package let height: Double
  package let xAxis: Axis
  package let yAxis: Axis

  package init(
    left: Double, top: Double, width: Double, height: Double, xAxis: Axis, yAxis: Axis
  ) {
    self.left = left
    self.top = top
    self.width = width
    self.height = height
    self.xAxis = xAxis
    self.yAxis = yAxis
  }

  var right: Double { left + width }
  var bottom: Double { top + height }

  /// The width of the labels of a vertical axis.
  static func labelWidth(_ axis: Axis) -> Double {
    (axis.ticks.map { textWidth($0.label, size: 11) }.max() ?? 0) + 12
  }

  /// The horizontal position of a value in tenths of a pixel, clamped to the rim.
  package func x(_ value: Double) -> Int {
    Int(((left + xAxis.fraction(of: value).clampedToUnit * width) * 10).rounded())
  }

  /// The vertical position of a value in tenths of a pixel, clamped to the rim.
  package func y(_ value: Double) -> Int {
    Int(((bottom - yAxis.fraction(of: value).clampedToUnit * height) * 10).rounded())
  }

  package func drawGrid(into writer: inout MarkupWriter) {
    var path = PathData(unit: .tenth)
    for tick in yAxis.ticks {
      path.move(x: Int(left * 10), y: y(tick.value))
      path.line(x: Int(right * 10), y: y(tick.value))
    }
    writer.element("path", ["class": "grid", "d": .path(path)])
  }

  /// Draws the line below the plot with its ticks, or all four sides with the ticks of both axes.
  package func drawFrame(into writer: inout MarkupWriter, isClosed: Bool) {
    let (left, right) = (Int(left * 10), Int(right * 10))
    let (top, bottom) = (Int(top * 10), Int(bottom * 10))
    var path = PathData(unit: .tenth)
    path.move(x: left, y: bottom)
    path.line(x: right, y: bottom)
    if isClosed {
      path.line(x: right, y: top)
      path.line(x: left, y: top)
      path.close()
      for tick in yAxis.ticks {
        path.move(x: left, y: y(tick.value))
        path.line(x: left - 40, y: y(tick.value))
      }
    }
    for tick in xAxis.ticks {
      path.move(x: x(tick.value), y: bottom)
      path.line(x: x(tick.value), y: bottom + 40)
    }
    writer.element("path", ["class": "frame", "d": .path(path)])
  }

  package func drawLabels(into writer: inout MarkupWriter) {
    writer.element("g", ["class": "tick", "text-anchor": "end"]) { group in
      for tick in yAxis.ticks {
        group.element(
          "text", ["x": .pixels(left - 7), "y": .pixels(Double(y(tick.value)) / 10 + 4)],
          text: tick.label)
      }
    }
    drawLabels(of: xAxis, into: &writer, baseline: bottom + 16)
  }

  /// Draws labels along the plot, for its own axis or another axis with the same ends.
  package func drawLabels(of axis: Axis, into writer: inout MarkupWriter, baseline: Double) {
    writer.element("g", ["class": "tick", "text-anchor": "middle"]) { group in
      for tick in axis.ticks {
        group.element(
          "text",
          [
            "x": .pixels(left + axis.fraction(of: tick.value) * width), "y": .pixels(baseline),
          ],
          text: tick.label)
      }
    }
  }
}

extension Double {
  fileprivate var clampedToUnit: Double { self > 0 ? min(self, 1) : 0 }
}
