internal import DataFiles

extension ExampleValues {
  /// Moves the pixels of all channels by a change of coordinates.
  ///
  /// Numbers are interpolated bilinearly between the four nearest pixels, and pixels outside the image
  /// count as `fill`. Classes take the nearest pixel.
  mutating func warp(by map: AffineMap, _ kind: ValueKind, fill: Double) {
    let outside = kind.outside(fill)
    let isNearest = kind != .numbers
    let (channels, height, width) = (channels, height, width)
    let middle = (x: Double(width - 1) / 2, y: Double(height - 1) / 2)
    replace(channels: channels, height: height, width: width) { old, new in
      func pixel(_ channel: Int, _ column: Int, _ row: Int) -> Float {
        (0..<width).contains(column) && (0..<height).contains(row)
          ? old[(channel * height + row) * width + column] : outside
      }
      for row in 0..<height {
        for column in 0..<width {
          let place = map.source(column, row, middle: middle)
          let target = row * width + column
          // A place that is far outside has no pixel near it. Its coordinates may be large.
          guard place.x > -1, place.y > -1, place.x < Double(width), place.y < Double(height) else {
            for channel in 0..<channels { new[channel * height * width + target] = outside }
            continue
          }
          let origin = isNearest ? place : (x: place.x.rounded(.down), y: place.y.rounded(.down))
          let (x, y) = (Int(origin.x.rounded()), Int(origin.y.rounded()))
          let (right, lower) = (Float(place.x - Double(x)), Float(place.y - Double(y)))
          for channel in 0..<channels {
            var value = pixel(channel, x, y)
            if !isNearest {
              let top = value + right * (pixel(channel, x + 1, y) - value)
              let left = pixel(channel, x, y + 1)
              let bottom = left + right * (pixel(channel, x + 1, y + 1) - left)
              value = top + lower * (bottom - top)
            }
            new[channel * height * width + target] = value
          }
        }
      }
    }
  }

  /// Mixes each pixel of three channels with its grey value: y = f·x + (1 − f)·grey(x).
  mutating func mixWithGrey(_ factor: Float) {
    let area = height * width
    guard channels == 3 else { return }
    withMutableValues { span in
      for pixel in 0..<area {
        let grey =
          0.299 * span[pixel] + 0.587 * span[area + pixel] + 0.114 * span[2 * area + pixel]
        let rest = (1 - factor) * grey
        for channel in 0..<3 {
          let place = channel * area + pixel
          span[place] = factor * span[place] + rest
        }
      }
    }
  }

  /// The mean grey value of all pixels: 0.299·red + 0.587·green + 0.114·blue for three channels,
  /// otherwise the mean of all values.
  var meanLuminance: Double {
    let area = height * width
    guard area > 0, channels > 0 else { return 0 }
    let weights =
      channels == 3
      ? [0.299, 0.587, 0.114] : [Double](repeating: 1 / Double(channels), count: channels)
    return withValues { span in
      var total = 0.0
      for (channel, weight) in weights.enumerated() {
        var sum = 0.0
        for pixel in 0..<area { sum += Double(span[channel * area + pixel]) }
        total += weight * sum
      }
      return total / Double(area)
    }
  }
}
