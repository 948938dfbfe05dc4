internal import CTiles

/// Minimal filtering (Winograd) of images, with windows of two axes.
///
/// F(m×m, r×r) computes m×m results of a window of r×r taps from a patch of 6×6 values, m + r = 7. The
/// patch and the window are transformed into their values at 6×6 points. There, one product takes
/// the place of r·r steps at each of the m·m results. F(4×4, 3×3) has 36 products for 144 steps, and
/// F(2×2, 5×5) has 36 for 100.
///
/// The points along an axis are 0, ±5/8, ±3/2 and ∞. With these, rounding errors are a tenth of
/// those with 0, ±1, ±2 and ∞.
///
/// Source: A. Lavin and S. Gray, *Fast Algorithms for Convolutional Neural Networks*, CVPR 2016.
struct MinimalFiltering: Sendable {
  /// The values of a patch along an axis, and the points at which it is evaluated.
  static let extent = 6
  /// The points of both axes.
  static let points = extent * extent

  /// The taps of the window along an axis.
  let taps: Int
  /// The transforms for the vectors of a table.
  let transforms: dl_filtering_t

  /// Returns the filtering of a window with `taps` elements along both axes: 3 or 5.
  init(taps: Int, tiles: TileTable) {
    transforms = tiles.filtering(taps: taps)
    self.taps = taps
  }

  /// Returns the patches that cover so many results along an axis, for a window of `taps` elements.
  static func patches(covering results: Int, taps: Int) -> Int {
    let perPatch = extent + 1 - taps
    return (results + perPatch - 1) / perPatch
  }

  /// Returns the least odd number of cache lines that hold `count` elements, in elements.
  ///
  /// Rows and planes at even distances would displace each other from the cache.
  static func pitch(_ count: Int) -> Int { ((count + 15) / 16 | 1) * 16 }
}

extension MinimalFiltering: Equatable {
  static func == (a: MinimalFiltering, b: MinimalFiltering) -> Bool { a.taps == b.taps }
}

/// Patches of images with channels last, transformed into planes: one for each point.
struct PatchPlanes: Sendable {
  let channels: Int
  /// The patches of one image, along both axes.
  let rows: Int
  let columns: Int
  /// The distances between patches and between planes, in elements.
  let row: Int
  let plane: Int

  /// - Parameters:
  ///   - results: the extents of the results, which the patches cover.
  ///   - patches: the most patches that are transformed at a time.
  init(channels: Int, results: [Int], of filtering: MinimalFiltering, patches: Int) {
    self.channels = channels
    rows = MinimalFiltering.patches(covering: results[0], taps: filtering.taps)
    columns = MinimalFiltering.patches(covering: results[1], taps: filtering.taps)
    row = MinimalFiltering.pitch(channels)
    plane = MinimalFiltering.pitch(patches * row)
  }

  /// The elements of all planes.
  var count: Int { MinimalFiltering.points * plane }

  /// Returns the description of an image's patches. Its first patch and count are those of no patch.
  ///
  /// - Parameter padding: the zeros before the first row and column of the image.
  func patches(of image: [Int], padding: [Int]) -> dl_patches_t {
    var patches = unsafe dl_patches_t()
    unsafe patches.rows = rows
    unsafe patches.columns = columns
    unsafe patches.height = image[0]
    unsafe patches.width = image[1]
    unsafe patches.channels = channels
    unsafe patches.top = padding[0]
    unsafe patches.left = padding[1]
    unsafe patches.count = channels
    unsafe patches.row = row
    unsafe patches.plane = plane
    return unsafe patches
  }
}
