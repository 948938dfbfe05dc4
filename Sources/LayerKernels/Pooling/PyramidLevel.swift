/// One level of a spatial pyramid: `bins` × `bins` adjacent windows over each channel.
package struct PyramidLevel: Sendable, Hashable {
  /// The windows along one spatial axis.
  package struct Axis: Sendable, Hashable {
    package let extent: Int
    package let kernel: Int
    package let padding: Int

    /// Makes the windows. Nil if a window would contain only padding.
    package init?(extent: Int, bins: Int) {
      guard extent >= 1, bins >= 1 else { return nil }
      kernel = (extent - 1) / bins + 1
      padding = (kernel * bins - extent + 1) / 2
      self.extent = extent
      guard padding < kernel else { return nil }
    }

    /// Returns the elements of the image that window `bin` covers.
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
