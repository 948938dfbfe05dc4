/// result = v where x > 0, and slope·v elsewhere, with one slope per channel.
///
/// With v = x the result is y. With v = dy it is dx.
package func channelSlopes(
  _ values: FloatView, wherePositive x: FloatView, slopes: FloatView, to result: FloatView,
  _ extent: ChannelExtent
) -> some Kernel {
  let (x, values) = (x.checked(extent.count), values.checked(extent.count))
  let (slopes, result) = (slopes.checked(extent.numberCount), result.checked(extent.count))
  let isSingle = extent.runs.width == 1
  return PreparedLoop {
    extent.forEachRow { first, number, count in
      if isSingle {
        let slope = slopes[number]
        for index in first..<first &+ count {
          let value = values[index]
          result[index] = x[index] > 0 ? value : slope * value
        }
      } else {
        for index in 0..<count {
          let value = values[first &+ index]
          result[first &+ index] =
            x[first &+ index] > 0 ? value : slopes[number &+ index] * value
        }
      }
    }
  }
}
