internal import YAML

/// Quantities over the iterations of a run.
///
/// A long series is drawn by its `Envelope`: a band between the least and the greatest value of
/// each pixel column, and a line through the means. For values that are not finite, the line has a
/// gap and the chart a red bar at its foot.
package struct LineChart: Sendable {
  package struct Line: Sendable {
    package let name: String
    package let series: ReportContent.Series
    /// The index of its colour in the palette.
    package let color: Int
    package let kind: Kind

    package enum Kind: Sendable {
      /// A noisy quantity, drawn with its range.
      case trace
      /// The results of a test phase, each with a mark.
      case measurements
      /// A quantity that is set instead of measured.
      case schedule
    }

    package init(name: String, series: ReportContent.Series, color: Int, kind: Kind) {
      self.name = name
      self.series = series
      self.color = color
      self.kind = kind
    }
  }

  package let title: String
  package let lines: [Line]
  /// The iterations that the chart spans. All charts of a run span the same.
  package let iterations: ClosedRange<Int>
  package let iterationsPerEpoch: Double?
  /// Whether the chart may be logarithmic if its values span more than two decades.
  package let allowsLogarithm: Bool
  /// The iteration at which the run diverged. Nil when it did not.
  package let divergence: Int?

  package init(
    title: String, lines: [Line], iterations: ClosedRange<Int>, iterationsPerEpoch: Double? = nil,
    allowsLogarithm: Bool, divergence: Int? = nil
  ) {
    self.title = title
    self.lines = lines
    self.iterations = iterations
    self.iterationsPerEpoch = iterationsPerEpoch
    self.allowsLogarithm = allowsLogarithm
    self.divergence = divergence
  }

  /// The space at the right for the last values and the names of the axes.
  private static let rightMargin = 80.0
  private static let pixelsPerTick = (x: 90.0, y: 46.0)

  package func figure(width: Int, height: Int) -> Figure {
    let legend = Legend(
      title: title, entries: legendEntries(width: width), width: Double(width))
    let epochs = epochAxis(plotWidth: Double(width) - 120)
    let top = legend.height + (epochs == nil ? 10 : 24)
    let plotHeight = max(40, Double(height) - top - 24)
    let yAxis = yAxis(tickCount: Int(plotHeight / LineChart.pixelsPerTick.y) + 1)
    let left = yAxis.map(PlotArea.labelWidth)?.rounded(.up) ?? 12
    let plotWidth = max(40, Double(width) - left - LineChart.rightMargin)
    let area = PlotArea(
      left: left, top: top, width: plotWidth, height: plotHeight,
      xAxis: Axis(
        tight: Double(iterations.lowerBound)...Double(iterations.upperBound),
        tickCount: Int(plotWidth / LineChart.pixelsPerTick.x) + 1, wholeNumbers: true),
      yAxis: yAxis ?? Axis(loose: 0...1, tickCount: 2))

    var writer = MarkupWriter()
    legend.draw(into: &writer, left: 0, top: 0)
    if let epochs { drawEpochs(epochs, in: area, into: &writer) }
    if yAxis == nil {
      drawEmpty(area, into: &writer)
    } else {
      area.drawGrid(into: &writer)
      area.drawFrame(into: &writer, isClosed: false)
      area.drawLabels(into: &writer)
    }
    drawName("iteration", in: area, into: &writer, baseline: area.bottom + 16)
    if let divergence { draw(divergence: divergence, in: area, into: &writer) }
    for line in lines {
      draw(line, in: area, isThinned: isThinned(line, width: width), into: &writer)
    }
    drawLastValues(in: area, into: &writer)
    return Figure(
      width: width, height: height, description: "\(title) over the iterations",
      colorCount: (lines.map(\.color).max() ?? -1) + 1, markup: writer)
  }
}

extension LineChart {
  private var hasGaps: Bool {
    lines.contains { line in line.series.values.contains { !$0.isDrawable } }
  }

  /// Whether a line has more points than the columns of the chart can show.
  private func isThinned(_ line: Line, width: Int) -> Bool {
    line.series.values.count > 2 * width
  }

  /// Returns the entries of the legend. A single line needs no name beside the title, but a band
  /// needs an explanation.
  private func legendEntries(width: Int) -> [Legend.Entry] {
    var entries: [Legend.Entry] = []
    for line in lines {
      switch (line.kind, isThinned(line, width: width)) {
      case (.trace, true):
        entries.append(
          .init(name: "\(line.name): mean and range", mark: .range(color: line.color)))
      case (.measurements, _) where lines.count > 1:
        entries.append(.init(name: line.name, mark: .measurements(color: line.color)))
      case _ where lines.count > 1:
        entries.append(.init(name: line.name, mark: .line(color: line.color)))
      default: break
      }
    }
    if hasGaps { entries.append(.init(name: "not finite", mark: .gap)) }
    if let divergence {
      let rest = isCut ? ", axis cut" : ""
      entries.append(.init(name: "diverged at iteration \(divergence)\(rest)", mark: .divergence))
    }
    return entries
  }

  /// The range of the values that can be drawn. Nil when there are none.
  private var valueRange: ClosedRange<Double>? {
    let values = lines.lazy.flatMap(\.series.values).filter(\.isDrawable)
    guard let least = values.min(), let greatest = values.max() else { return nil }
    return least...greatest
  }

  /// The magnitude at which the axis of a diverged run is cut. Nil when it is not cut.
  ///
  /// On a linear axis, the last values of a diverged run would leave no height for the others.
  private var cut: Double? {
    guard divergence != nil, let range = valueRange, !allowsLogarithm || range.lowerBound <= 0
    else { return nil }
    let magnitudes = lines.flatMap(\.series.values).filter(\.isDrawable).map(\.magnitude).sorted()
    let limit = 100 * magnitudes[magnitudes.count / 2]
    return limit > 0 && magnitudes[magnitudes.count - 1] > limit ? limit : nil
  }

  private var isCut: Bool { cut != nil }

  /// The vertical axis. Nil when no line has a value that can be drawn.
  private func yAxis(tickCount: Int) -> Axis? {
    guard var range = valueRange else { return nil }
    if let cut {
      let shown = lines.flatMap(\.series.values).filter { $0.magnitude <= cut }
      range = (shown.min() ?? -cut)...(shown.max() ?? cut)
    }
    return Axis(values: range, allowsLogarithm: allowsLogarithm, tickCount: tickCount)
  }

  /// Draws a vertical line where the run diverged.
  private func draw(
    divergence: Int, in area: PlotArea, into writer: inout MarkupWriter
  ) {
    var path = PathData(unit: .tenth)
    let x = area.x(Double(divergence))
    path.move(x: x, y: Int(area.bottom * 10))
    path.line(x: x, y: Int(area.top * 10))
    writer.element("path", ["class": "divergence", "d": .path(path)])
  }

  private func epochAxis(plotWidth: Double) -> Axis? {
    guard let iterationsPerEpoch, iterationsPerEpoch > 0, iterationsPerEpoch.isFinite,
      iterations.lowerBound < iterations.upperBound
    else { return nil }
    return Axis(
      tight: Double(iterations.lowerBound) / iterationsPerEpoch...Double(iterations.upperBound)
        / iterationsPerEpoch,
      tickCount: Int(plotWidth / LineChart.pixelsPerTick.x) + 1)
  }

  private func drawEpochs(_ axis: Axis, in area: PlotArea, into writer: inout MarkupWriter) {
    area.drawLabels(of: axis, into: &writer, baseline: area.top - 8)
    drawName("epoch", in: area, into: &writer, baseline: area.top - 8)
  }

  /// Draws the name of an axis beside the plot, away from the labels.
  private func drawName(
    _ name: String, in area: PlotArea, into writer: inout MarkupWriter, baseline: Double
  ) {
    writer.element(
      "text",
      ["class": "note", "x": .pixels(area.right + 22), "y": .pixels(baseline)], text: name)
  }

  private func drawEmpty(_ area: PlotArea, into writer: inout MarkupWriter) {
    area.drawFrame(into: &writer, isClosed: false)
    writer.element(
      "text",
      [
        "class": "note", "text-anchor": "middle", "x": .pixels(area.left + area.width / 2),
        "y": .pixels(area.top + area.height / 2),
      ],
      text: hasGaps
        ? "no finite value" : divergence == nil ? "no values" : "no values before the divergence")
  }

  /// Writes each line's last value beside it, and moves overlapping values apart.
  private func drawLastValues(in area: PlotArea, into writer: inout MarkupWriter) {
    let distance = 13.0
    var baseline = -Double.infinity
    let ends = lines.compactMap { line -> (color: Int, value: Double, y: Double)? in
      guard let value = line.series.values.last, value.isDrawable else { return nil }
      return (line.color, value, Double(area.y(value)) / 10 + 4)
    }
    // The lowest value may not move below the labels of the axis.
    let highest = area.bottom + 4 - distance * Double(ends.count - 1)
    for (index, end) in ends.sorted(by: { $0.y < $1.y }).enumerated() {
      baseline = max(baseline + distance, min(end.y, highest + distance * Double(index)))
      writer.element(
        "text",
        [
          "class": .numbered("value c", end.color), "x": .pixels(area.right + 8),
          "y": .pixels(baseline),
        ],
        text: DecimalNumber(rounding: end.value, digits: 4).text)
    }
  }
}
