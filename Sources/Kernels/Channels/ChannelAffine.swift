/// y = a·x + b with one a and one b per channel.
///
/// `scale` and `bias` are optional. x and y may be the same memory.
package func channelAffine(
  _ x: FloatView, scale: FloatView?, bias: FloatView?, to y: FloatView, _ extent: ChannelExtent
) -> some Kernel {
  let (x, y) = (x.checked(extent.count), y.checked(extent.count))
  let (scale, bias) = (scale?.checked(extent.numberCount), bias?.checked(extent.numberCount))
  let isSingle = extent.runs.width == 1
  return PreparedLoop {
    switch (scale, bias) {
    case (let scale?, let bias?):
      extent.forEachRow { first, number, count in
        if isSingle {
          let (a, b) = (scale[number], bias[number])
          for index in first..<first &+ count { y[index] = a * x[index] + b }
        } else {
          for index in 0..<count {
            y[first &+ index] = scale[number &+ index] * x[first &+ index] + bias[number &+ index]
          }
        }
      }
    case (let scale?, nil):
      extent.forEachRow { first, number, count in
        if isSingle {
          let a = scale[number]
          for index in first..<first &+ count { y[index] = a * x[index] }
        } else {
          for index in 0..<count { y[first &+ index] = scale[number &+ index] * x[first &+ index] }
        }
      }
    case (nil, let bias?):
      extent.forEachRow { first, number, count in
        if isSingle {
          let b = bias[number]
          for index in first..<first &+ count { y[index] = x[index] + b }
        } else {
          for index in 0..<count { y[first &+ index] = x[first &+ index] + bias[number &+ index] }
        }
      }
    case (nil, nil):
      for index in 0..<extent.count { y[index] = x[index] }
    }
  }
}
