extension LineChart {
  /// Draws one line by its points, or by its envelope when it is thinned.
  func draw(
    _ line: Line, in area: PlotArea, isThinned: Bool, into writer: inout MarkupWriter
  ) {
    var drawing = LineDrawing(area: area)
    if isThinned {
      drawing.addEnvelope(
        Envelope(line.series, iterations: area.xAxis.range, columns: Int(area.width)))
    } else {
      drawing.addPoints(of: line.series)
    }
    drawing.finishRun()
    writer.element("g", ["class": .numbered("c", line.color)]) { group in
      if !drawing.band.isEmpty, line.kind != .schedule {
        group.element("path", ["class": "band", "d": .path(drawing.band)])
      }
      if !drawing.line.isEmpty {
        group.element("path", ["class": "line", "d": .path(drawing.line)])
      }
      if !drawing.lonePoints.isEmpty, divergence != nil, line.kind != .measurements {
        group.element("g", ["class": "dots"]) { dots in
          for (x, y) in drawing.lonePoints {
            dots.element(
              "circle", ["cx": .pixels(Double(x) / 10), "cy": .pixels(Double(y) / 10), "r": "3"])
          }
        }
      }
      if line.kind == .measurements { drawDots(line.series, in: area, into: &group) }
    }
    if !drawing.gaps.isEmpty {
      writer.element("path", ["class": "gap", "d": .path(drawing.gaps)])
    }
  }

  /// Draws a dot for each value, if the dots do not touch.
  private func drawDots(
    _ series: ReportContent.Series, in area: PlotArea, into writer: inout MarkupWriter
  ) {
    guard Double(series.values.count) * 8 < area.width else { return }
    writer.element("g", ["class": "dots"]) { group in
      for (iteration, value) in zip(series.iterations, series.values) where value.isDrawable {
        group.element(
          "circle",
          [
            "cx": .pixels(Double(area.x(Double(iteration))) / 10),
            "cy": .pixels(Double(area.y(value)) / 10), "r": "3",
          ])
      }
    }
  }
}

/// The paths of one line, built from left to right.
private struct LineDrawing {
  let area: PlotArea
  private(set) var line = PathData(unit: .tenth)
  private(set) var band = PathData(unit: .tenth)
  /// The bars along the foot of the plot.
  private(set) var gaps = PathData(unit: .tenth)

  /// The columns since the last gap.
  private var run: [(x: Int, top: Int, bottom: Int)] = []
  private var isInRun = false
  /// The number of points of the run, and the last point.
  private var runLength = 0
  private var lastPoint = (x: 0, y: 0)
  /// Points without a neighbour, for which a line is too faint.
  private(set) var lonePoints: [(x: Int, y: Int)] = []
  private var isInGap = false
  private var gapEnd = Int.min

  init(area: PlotArea) { self.area = area }

  mutating func addPoints(of series: ReportContent.Series) {
    for (iteration, value) in zip(series.iterations, series.values) {
      let x = area.x(Double(iteration))
      if value.isDrawable {
        addPoint(x: x, y: area.y(value))
      } else {
        addGap(from: x - 30, to: x + 30)
      }
    }
  }

  mutating func addEnvelope(_ envelope: Envelope) {
    let columns = envelope.count.count
    for column in 0..<columns {
      let left = area.left + area.width * Double(column) / Double(columns)
      let x = Int((left * 10).rounded()) + 5
      if envelope.gapCount[column] > 0 {
        addGap(from: x - 15, to: x + 15, breaksLine: envelope.count[column] == 0)
      }
      if envelope.count[column] > 0 {
        addPoint(x: x, y: area.y(envelope.mean[column]))
        let (top, bottom) = (area.y(envelope.maximum[column]), area.y(envelope.minimum[column]))
        run.append((x, top, bottom))
      }
    }
  }

  private mutating func addPoint(x: Int, y: Int) {
    if isInRun { line.line(x: x, y: y) } else { line.move(x: x, y: y) }
    runLength += 1
    lastPoint = (x, y)
    isInRun = true
    isInGap = false
  }

  private mutating func addGap(from left: Int, to right: Int, breaksLine: Bool = true) {
    let foot = Int(area.bottom * 10) - 20
    if !isInGap, left > gapEnd { gaps.move(x: left, y: foot) }
    gaps.line(x: right, y: foot)
    isInGap = true
    gapEnd = right
    if breaksLine { finishRun() }
  }

  mutating func finishRun() {
    if isInRun { line.endLine() }
    if runLength == 1 { lonePoints.append(lastPoint) }
    isInRun = false
    runLength = 0
    addBand()
    run = []
  }

  /// Adds the band of the run, if it is wider than the line that covers it.
  private mutating func addBand() {
    guard let first = run.first, let last = run.last,
      run.contains(where: { $0.bottom - $0.top > 10 })
    else { return }
    band.move(x: first.x - 5, y: first.top)
    for column in run { band.line(x: column.x, y: column.top) }
    band.line(x: last.x + 5, y: last.top)
    band.line(x: last.x + 5, y: last.bottom)
    for column in run.reversed() { band.line(x: column.x, y: column.bottom) }
    band.line(x: first.x - 5, y: first.bottom)
    band.close()
  }
}
