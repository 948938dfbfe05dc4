/// A change of coordinates about the middle of an image, as the inverse map from the result to the
/// image.
struct AffineMap {
  /// The columns and rows of the image, for a step of one column and one row in the result.
  private let xx, xy, yx, yy: Double
  /// The movement of the result.
  private let right: Double
  private let down: Double

  /// Makes the map of p ↦ scale·R·S·(p − middle) + middle + (right, down).
  ///
  /// - Parameters:
  ///   - turns: the angle of the rotation R, where 1 is a whole turn.
  ///   - shear: the columns that S moves a point for each row.
  init(turns: Double, shear: Double = 0, scale: Double = 1, right: Double = 0, down: Double = 0) {
    let (sine, cosine) = Turns.sineAndCosine(turns)
    // (scale·R·S)⁻¹ = S⁻¹·R⁻¹ / scale.
    xx = (cosine + shear * sine) / scale
    xy = (sine - shear * cosine) / scale
    yx = -sine / scale
    yy = cosine / scale
    (self.right, self.down) = (right, down)
  }

  /// Returns the place in the image of a place in the result, for images with a middle (x, y).
  @inline(__always)
  func source(
    _ column: Int, _ row: Int, middle: (x: Double, y: Double)
  ) -> (x: Double, y: Double) {
    let x = Double(column) - middle.x - right
    let y = Double(row) - middle.y - down
    return (middle.x + xx * x + xy * y, middle.y + yx * x + yy * y)
  }
}
