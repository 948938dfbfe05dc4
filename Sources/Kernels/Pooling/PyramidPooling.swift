/// One level of a spatial pyramid: `bins` × `bins` windows over each channel, which lie side by side.
package struct PyramidLevel: Sendable, Hashable {
  /// One spatial axis.
  package struct Axis: Sendable, Hashable {
    package let extent: Int
    package let kernel: Int
    package let padding: Int

    /// Nil if a window would hold nothing but padding.
    package init?(extent: Int, bins: Int) {
      guard extent >= 1, bins >= 1 else { return nil }
      kernel = (extent - 1) / bins + 1
      padding = (kernel * bins - extent + 1) / 2
      self.extent = extent
      guard padding < kernel else { return nil }
    }

    /// The part of the image that window `bin` sees.
    func range(_ bin: Int) -> Range<Int> {
      let start = bin * kernel - padding
      return max(start, 0)..<min(start + kernel, extent)
    }
  }

  package let bins: Int
  package let rows: Axis
  package let columns: Axis

  package init?(bins: Int, height: Int, width: Int) {
    guard let rows = Axis(extent: height, bins: bins), let columns = Axis(extent: width, bins: bins)
    else { return nil }
    self.bins = bins
    self.rows = rows
    self.columns = columns
  }
}

/// y = for each level, channel and bin the greatest, or the mean, of the bin's elements; the mean counts padding, as
/// Caffe's pooling does.
package struct PyramidPooling: Kernel {
  package enum Function: Sendable, Hashable {
    case maximum
    case average
  }

  private let form: PyramidForm
  private let x: FloatView
  private let y: FloatView

  package init(
    _ function: Function, _ levels: [PyramidLevel], examples: Int, channels: Int, _ x: FloatView,
    to y: FloatView
  ) {
    form = PyramidForm(function, levels, examples: examples, channels: channels)
    self.x = x.checked(form.inputCount)
    self.y = y.checked(form.outputCount)
  }

  package func run() {
    form.forEachBin { level, start, rows, columns, place in
      switch form.function {
      case .maximum: y[place] = x[form.greatest(in: x, level, start, rows, columns)]
      case .average:
        var sum: Float = 0
        for row in rows {
          for column in columns { sum += x[start &+ row &* level.columns.extent &+ column] }
        }
        y[place] = sum / Float(level.rows.kernel &* level.columns.kernel)
      }
    }
  }
}

/// ∂x of ``PyramidPooling``, levels in order; of equal elements the first is the greatest.
package struct PyramidPoolingGradient: Kernel {
  private let form: PyramidForm
  private let x: FloatView
  private let dy: FloatView
  private let dx: FloatView

  package init(
    _ function: PyramidPooling.Function, _ levels: [PyramidLevel], examples: Int, channels: Int,
    _ x: FloatView, dy: FloatView, to dx: FloatView
  ) {
    form = PyramidForm(function, levels, examples: examples, channels: channels)
    self.x = x.checked(form.inputCount)
    self.dy = dy.checked(form.outputCount)
    self.dx = dx.checked(form.inputCount)
  }

  package func run() {
    for index in 0..<form.inputCount { dx[index] = 0 }
    form.forEachBin { level, start, rows, columns, place in
      switch form.function {
      case .maximum: dx[form.greatest(in: x, level, start, rows, columns)] += dy[place]
      case .average:
        let share = dy[place] / Float(level.rows.kernel &* level.columns.kernel)
        for row in rows {
          for column in columns { dx[start &+ row &* level.columns.extent &+ column] += share }
        }
      }
    }
  }
}

/// The bins of all levels in the order of the output: an example's levels, in them channels, in them rows of bins.
private struct PyramidForm: Sendable {
  let function: PyramidPooling.Function
  let levels: ContiguousArray<PyramidLevel>
  let examples: Int
  let channels: Int

  init(
    _ function: PyramidPooling.Function, _ levels: [PyramidLevel], examples: Int, channels: Int
  ) {
    self.function = function
    self.levels = ContiguousArray(levels)
    self.examples = examples
    self.channels = channels
  }

  var positions: Int { levels.first.map { $0.rows.extent * $0.columns.extent } ?? 0 }
  var inputCount: Int { examples * channels * positions }
  var outputCount: Int {
    levels.reduce(0) { $0 + examples * channels * $1.bins * $1.bins }
  }

  /// Calls `body` with each bin's level, its channel's first element, its rows and columns, and its place in the output.
  @inline(__always)
  func forEachBin(
    _ body: (PyramidLevel, Int, Range<Int>, Range<Int>, _ place: Int) -> Void
  ) {
    let positions = positions
    var place = 0
    for example in 0..<examples {
      for level in levels {
        for channel in 0..<channels {
          let start = (example &* channels &+ channel) &* positions
          for row in 0..<level.bins {
            let rows = level.rows.range(row)
            for column in 0..<level.bins {
              body(level, start, rows, level.columns.range(column), place)
              place &+= 1
            }
          }
        }
      }
    }
  }

  /// The place of the first greatest element of a bin; a NaN is the greatest.
  @inline(__always)
  func greatest(
    in x: FloatView, _ level: PyramidLevel, _ start: Int, _ rows: Range<Int>,
    _ columns: Range<Int>
  ) -> Int {
    var best = start &+ rows.lowerBound &* level.columns.extent &+ columns.lowerBound
    for row in rows {
      for column in columns {
        let place = start &+ row &* level.columns.extent &+ column
        if x[place] > x[best] || (x[place].isNaN && !x[best].isNaN) { best = place }
      }
    }
    return best
  }
}
