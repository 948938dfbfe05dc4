package import Kernels

/// y = the maximum or the mean of each level, channel and bin.
///
/// The mean counts padding, as Caffe's pooling does.
package func pyramidPooling(
  _ function: PyramidFunction, _ levels: [PyramidLevel], examples: Int, channels: Int,
  _ x: FloatView, to y: FloatView
) -> some Kernel {
  let form = PyramidForm(levels: levels, examples: examples, channels: channels)
  let (x, y) = (x.checked(form.inputCount), y.checked(form.outputCount))
  return PreparedLoop {
    form.forEachBin { level, start, rows, columns, place in
      switch function {
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

/// ∂x of ``pyramidPooling(_:_:examples:channels:_:to:)``, levels in order.
///
/// The first of equal elements is the maximum.
package func pyramidPoolingGradient(
  _ function: PyramidFunction, _ levels: [PyramidLevel], examples: Int, channels: Int,
  _ x: FloatView, dy: FloatView, to dx: FloatView
) -> some Kernel {
  let form = PyramidForm(levels: levels, examples: examples, channels: channels)
  let (x, dx) = (x.checked(form.inputCount), dx.checked(form.inputCount))
  let dy = dy.checked(form.outputCount)
  return PreparedLoop {
    for index in 0..<form.inputCount { dx[index] = 0 }
    form.forEachBin { level, start, rows, columns, place in
      switch function {
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

/// The bins of all levels in the order of the output: [example, level, channel, row, column].
private struct PyramidForm: Sendable {
  let levels: [PyramidLevel]
  let examples: Int
  let channels: Int

  var positions: Int { levels.first.map { $0.rows.extent * $0.columns.extent } ?? 0 }
  var inputCount: Int { examples * channels * positions }
  var outputCount: Int {
    levels.reduce(0) { $0 + examples * channels * $1.bins * $1.bins }
  }

  /// Calls `body` with each bin's level, its channel's first element, its rows, its columns and its
  /// place.
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

  /// Returns the place of the first greatest element of a bin. NaN is the greatest.
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
