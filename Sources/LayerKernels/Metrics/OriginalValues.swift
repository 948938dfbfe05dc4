package import Kernels

/// y = x·deviation + mean for each column, in double precision and rounded once.
///
/// - Parameters:
///   - means: the mean of each column. The columns repeat for each example.
///   - deviations: the deviation of each column.
package func originalValues(
  _ x: FloatView, means: [Double], deviations: [Double], to y: FloatView, count: Int
) -> some Kernel {
  precondition(
    !means.isEmpty && means.count == deviations.count, "a mean and a deviation for each column")
  let (x, y) = (x.checked(count), y.checked(count))
  return PreparedLoop {
    var column = 0
    for index in 0..<count {
      y[index] = Float(Double(x[index]) * deviations[column] + means[column])
      column &+= 1
      if column == means.count { column = 0 }
    }
  }
}
