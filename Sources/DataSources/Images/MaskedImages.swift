internal import DataFiles
internal import Files
internal import YAML

/// Images with a mask for each.
///
/// The mask of `a/b.jpg` in the folder of images is `a/b.png` in the folder of masks.
struct MaskedImages {
  private let folder: String
  private let masks: String
  private let phase: DataPhase

  /// The endings of image files that a list may leave out.
  private static let endings = ["jpg", "jpeg", "png", "JPG", "JPEG", "PNG"]

  init(folder: String, masks: String, phase: DataPhase) {
    (self.folder, self.masks, self.phase) = (folder, masks, phase)
  }

  /// Finds the masks of all images in the folder.
  ///
  /// - Throws: a failure when an image has no mask, a mask has no image, or two images share a mask.
  func all() throws(DataFailure) -> ImageEntries {
    try checkFolders()
    let images = try ImageTree.files(in: folder)
    let found = try DataFailure.blaming("masks", of: phase) { () throws(DataFailure) in
      try ImageTree.files(in: masks)
    }
    let names = try maskNames(of: images)
    try checkMissing(images, names, among: Set(found))
    let expected = Set(names)
    let surplus = found.filter { !expected.contains($0) }
    if let first = surplus.first {
      let rest = MaskedImages.rest(surplus.count - 1, "more mask has none", "more masks have none")
      throw mistake(
        "\(path(ofMask: first)): expected an image '\(MaskedImages.stem(first).quotable)' in "
          + "\(folder.quotable), received none\(rest)")
    }
    return entries(images, names)
  }

  /// Finds the images of a list and their masks.
  ///
  /// - Parameter list: the file with the path of an image in each line. It may lack the ending.
  func listed(in list: String) throws(DataFailure) -> ImageEntries {
    try checkFolders()
    let list = try NameList(path: list)
    var images: [String] = []
    var lines: [String: Int] = [:]
    for line in list.lines {
      let start = "\(list.path): line \(line.number): "
      let matches = candidates(line.name)
      guard let image = matches.first else {
        throw .content(
          "\(start)expected an image in \(folder.quotable), received '\(line.name.quotable)', which "
            + "does not exist")
      }
      guard matches.count == 1 else {
        throw .content(
          "\(start)expected one image, received '\(line.name.quotable)' for \(matches.quotedList)")
      }
      if let earlier = lines.updateValue(line.number, forKey: image) {
        throw .content(
          "\(start)expected each image once, received '\(line.name.quotable)' as in line \(earlier)"
        )
      }
      images.append(image)
    }
    let names = try maskNames(of: images)
    try checkMissing(
      images, names, among: Set(names.filter { FileKind(of: "\(masks)/\($0)") != nil }))
    return entries(images, names)
  }

  /// Returns the images that a line of a list may mean.
  private func candidates(_ name: String) -> [String] {
    func exists(_ name: String) -> Bool {
      FileKind(of: "\(folder)/\(name)").map { $0 != .folder } ?? false
    }
    if exists(name) { return [name] }
    return MaskedImages.endings.map { "\(name).\($0)" }.filter(exists)
  }

  private func entries(_ images: [String], _ names: [String]) -> ImageEntries {
    ImageEntries(
      paths: images.map { "\(folder)/\($0)" }, .masks(names.map { "\(masks)/\($0)" }))
  }

  /// Refuses a folder within the other one, because masks would then count as images.
  private func checkFolders() throws(DataFailure) {
    func real(_ path: String) -> String { (FileSystem.realPath(path) ?? path) + "/" }
    let (images, masks) = (real(folder), real(masks))
    guard images.hasPrefix(masks) || masks.hasPrefix(images) else { return }
    throw mistake(
      "\(self.masks.quotable): expected a folder beside \(folder.quotable), received one that has "
        + "files in common with it")
  }

  /// Returns the names of the masks of images.
  private func maskNames(of images: [String]) throws(DataFailure) -> [String] {
    var owners: [String: String] = [:]
    var names: [String] = []
    for image in images {
      let name = MaskedImages.stem(image) + ".png"
      if let other = owners.updateValue(image, forKey: name) {
        throw mistake(
          "\(folder.quotable): expected a mask for each image, received '\(other.quotable)' and "
            + "'\(image.quotable)', which share \(path(ofMask: name))")
      }
      names.append(name)
    }
    return names
  }

  /// Refuses images without a mask.
  private func checkMissing(
    _ images: [String], _ names: [String], among found: Set<String>
  ) throws(DataFailure) {
    let missing = zip(images, names).filter { !found.contains($1) }
    guard let (image, name) = missing.first else { return }
    let stem = MaskedImages.stem(name)
    let other = found.filter { MaskedImages.stem($0) == stem }.sorted().first
    let received = other.map { "received \(path(ofMask: $0))" } ?? "which does not exist"
    let rest = MaskedImages.rest(
      missing.count - 1, "more image has no mask", "more images have no mask")
    throw mistake(
      "\("\(folder)/\(image)".quotable): expected the mask \(path(ofMask: name)), \(received)\(rest)"
    )
  }

  private func mistake(_ message: String) -> DataFailure {
    .field("masks", message: message, of: phase)
  }

  private func path(ofMask name: String) -> String { "\(masks)/\(name)".quotable }

  /// Counts further mistakes of one kind: `; 3 more images have no mask`.
  private static func rest(_ count: Int, _ one: String, _ many: String) -> String {
    count == 0 ? "" : "; \(count) \(count == 1 ? one : many)"
  }

  /// Returns a path without the ending of its last name.
  private static func stem(_ path: String) -> String {
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    guard let dot = path[start...].lastIndex(of: "."), dot > start else { return path }
    return String(path[..<dot])
  }
}
