/// result = v where x > 0, and slope·v elsewhere, with one slope per channel.
///
/// With v = x the result is y. With v = dy it is dx.
package struct ChannelSlopes: Kernel {
  private let x: FloatView
  private let values: FloatView
  private let slopes: FloatView
  private let result: FloatView
  private let extent: ChannelExtent

  package init(
    _ values: FloatView, wherePositive x: FloatView, slopes: FloatView, to result: FloatView,
    _ extent: ChannelExtent
  ) {
    self.x = x.checked(extent.count)
    self.values = values.checked(extent.count)
    self.slopes = slopes.checked(extent.numberCount)
    self.result = result.checked(extent.count)
    self.extent = extent
  }

  package func run() {
    let isSingle = extent.runs.width == 1
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
