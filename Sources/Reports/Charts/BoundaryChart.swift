internal import YAML

/// A plane in the pale colours of the predicted classes, with the examples in strong colours above
/// it.
///
/// Both axes have the same scale, unless the plot would become a thin strip.
package struct BoundaryChart: Sendable {
  package let boundary: ReportContent.Boundary

  package init(_ boundary: ReportContent.Boundary) { self.boundary = boundary }

  /// The greatest number of drawn points, because more would hide each other. The chart picks them
  /// at equal distances in the data.
  package static let pointLimit = 1_500
  /// The grid sizes of the picture. A finer grid exceeds the picture's resolution, and a coarser
  /// one is drawn as blocks.
  private static let cellLimits = 100...320
  /// The probabilities below which the colour of a class becomes fainter.
  private static let confidences: [Float] = [0.9, 0.6]
  /// The space below the plot for its labels and the name of its axis.
  private static let footHeight = 40.0
  private static let widestAspect = 4.0

  package func figure(width: Int, maximumHeight: Int) -> Figure {
    let legend = Legend(title: "Decision boundary", entries: legendEntries, width: Double(width))
    let top = legend.height + 10
    let yAxis = Axis(tight: boundary.yRange, tickCount: 6)
    let xAxis = Axis(tight: boundary.xRange, tickCount: 6)
    let left = (PlotArea.labelWidth(yAxis) + 20).rounded(.up)
    let size = plotSize(
      xAxis, yAxis,
      maximum: (
        Double(width) - left - 16, Double(maximumHeight) - top - BoundaryChart.footHeight
      ))
    let area = PlotArea(
      left: left, top: top, width: size.width, height: size.height, xAxis: xAxis, yAxis: yAxis)

    var writer = MarkupWriter()
    legend.draw(into: &writer, left: 0, top: 0)
    drawRegions(area, into: &writer)
    let notes = [drawPoints(area, into: &writer), doubtNote].compactMap(\.self)
    area.drawFrame(into: &writer, isClosed: true)
    area.drawLabels(into: &writer)
    drawNames(area, into: &writer)
    for (index, note) in notes.enumerated() {
      let baseline = area.bottom + 50 + Double(index) * Legend.rowHeight
      writer.element(
        "text", ["class": "note", "x": .pixels(area.left), "y": .pixels(baseline)], text: note)
    }
    let foot = BoundaryChart.footHeight + Double(notes.count) * Legend.rowHeight
    return Figure(
      width: width, height: Int((area.bottom + foot).rounded(.up)),
      description: "Decision boundary over \(boundary.xName) and \(boundary.yName)",
      colorCount: min(classCount, Palette.count), markup: writer)
  }

  private var classCount: Int {
    let cells = boundary.classOfCell.max().map { Int($0) + 1 } ?? 0
    let points = boundary.points.map(\.classIndex).max().map { min($0, 255) + 1 } ?? 0
    return max(boundary.classNames.count, cells, points)
  }

  private var legendEntries: [Legend.Entry] {
    (0..<classCount).map { index in
      let name =
        boundary.classNames.indices.contains(index)
        ? boundary.classNames[index] : "class \(index)"
      return Legend.Entry(name: name, mark: .point(color: index % Palette.count))
    }
  }

  private func plotSize(
    _ xAxis: Axis, _ yAxis: Axis, maximum: (width: Double, height: Double)
  ) -> (width: Double, height: Double) {
    let maximum = (width: max(40, maximum.width), height: max(40, maximum.height))
    let xSpan = xAxis.range.upperBound - xAxis.range.lowerBound
    let ySpan = yAxis.range.upperBound - yAxis.range.lowerBound
    let aspect = xSpan / ySpan
    guard (1 / BoundaryChart.widestAspect...BoundaryChart.widestAspect).contains(aspect) else {
      return maximum
    }
    let width = min(maximum.width, maximum.height * aspect)
    return (width.rounded(), (width / aspect).rounded())
  }
}

extension BoundaryChart {
  private func drawRegions(_ area: PlotArea, into writer: inout MarkupWriter) {
    guard boundary.columns > 0, boundary.rows > 0 else { return }
    let columns = BoundaryChart.pictureCells(boundary.columns)
    let rows = BoundaryChart.pictureCells(boundary.rows)
    let classes = resampled(boundary.classOfCell, columns: columns, rows: rows)
    let outlines = RegionOutlines(classes: classes, columns: columns, rows: rows)
    let unitsAcross = columns * RegionOutlines.unitsPerCell
    let unitsDown = rows * RegionOutlines.unitsPerCell
    writer.element(
      "svg",
      [
        "class": "regions", "x": .pixels(area.left), "y": .pixels(area.top),
        "width": .pixels(area.width), "height": .pixels(area.height),
        "viewBox": .box(width: unitsAcross, height: unitsDown), "preserveAspectRatio": "none",
      ]
    ) { picture in
      // An outline of about a pixel in the region's colour hides the seam to its neighbours.
      let lineWidth = 0.8 * Double(unitsAcross) / area.width
      picture.element("g", ["stroke-width": .pixels(lineWidth)]) { group in
        for (index, path) in outlines.paths {
          group.element(
            "path",
            ["class": .numbered("region c", index % Palette.count), "d": .path(path)])
        }
      }
      drawDoubt(columns: columns, rows: rows, into: &picture)
    }
  }

  /// Fades the places where the model is less certain of its class.
  private func drawDoubt(columns: Int, rows: Int, into writer: inout MarkupWriter) {
    guard let confidence = boundary.confidence else { return }
    let levels = confidence.map { value in
      UInt8(BoundaryChart.confidences.count { value < $0 })
    }
    let outlines = RegionOutlines(
      classes: resampled(levels, columns: columns, rows: rows), columns: columns, rows: rows)
    for (level, path) in outlines.paths where level > 0 {
      writer.element("path", ["class": .numbered("unsure", level), "d": .path(path)])
    }
  }

  private var doubtNote: String? {
    guard boundary.confidence != nil else { return nil }
    let bounds = BoundaryChart.confidences.map { "below \($0)" }
    return "fainter where the class has a probability " + bounds.joined(separator: ", and again ")
  }

  private static func pictureCells(_ count: Int) -> Int {
    if count >= cellLimits.lowerBound { return min(count, cellLimits.upperBound) }
    return count * ((cellLimits.lowerBound + count - 1) / count)
  }

  /// Returns the grid with another number of cells. The highest row comes first, as in pictures.
  private func resampled(_ values: [UInt8], columns: Int, rows: Int) -> [UInt8] {
    let sources = (0..<columns).map { (2 * $0 + 1) * boundary.columns / (2 * columns) }
    var cells: [UInt8] = []
    cells.reserveCapacity(columns * rows)
    for row in (0..<rows).reversed() {
      let start = (2 * row + 1) * boundary.rows / (2 * rows) * boundary.columns
      for source in sources { cells.append(values[start + source]) }
    }
    return cells
  }

  /// Draws the points. Returns a note when some points are not drawn.
  private func drawPoints(_ area: PlotArea, into writer: inout MarkupWriter) -> String? {
    let visible = boundary.points.filter { point in
      area.xAxis.range.contains(Double(point.x)) && area.yAxis.range.contains(Double(point.y))
        && point.classIndex >= 0
    }
    let count = min(visible.count, BoundaryChart.pointLimit)
    let picked = (0..<count).map { visible[$0 * visible.count / count] }
    let radius = count <= 500 ? 3.2 : 2.4
    for color in 0..<min(classCount, Palette.count) {
      let points = picked.filter { min($0.classIndex, 255) % Palette.count == color }
      if points.isEmpty { continue }
      writer.element("g", ["class": .numbered("point c", color)]) { group in
        for point in points {
          group.element(
            "circle",
            [
              "cx": .pixels(Double(area.x(Double(point.x))) / 10),
              "cy": .pixels(Double(area.y(Double(point.y))) / 10), "r": .pixels(radius),
            ])
        }
      }
    }
    guard count < boundary.points.count else { return nil }
    return "\(count.grouped) of \(boundary.points.count.grouped) points are shown"
  }

  private func drawNames(_ area: PlotArea, into writer: inout MarkupWriter) {
    let (middle, height) = (area.left + area.width / 2, area.top + area.height / 2)
    writer.element(
      "text",
      ["text-anchor": "middle", "x": .pixels(middle), "y": .pixels(area.bottom + 33)],
      text: boundary.xName.shortened(to: 40))
    writer.element("g", ["transform": .shift(x: 11, y: height)]) { group in
      group.element(
        "text", ["text-anchor": "middle", "transform": "rotate(-90)"],
        text: boundary.yName.shortened(to: 40))
    }
  }
}
