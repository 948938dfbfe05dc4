internal import DataFiles
internal import Tensors
internal import YAML

extension ExampleTensor {
  /// Makes the target of masks, which are decoded on demand.
  ///
  /// Checks the header of every mask. Without declared classes it reads all masks.
  ///
  /// - Parameters:
  ///   - masks: the paths of the masks.
  ///   - images: the paths of the images, for messages.
  ///   - headers: the headers of the images.
  ///   - shape: the size of the first image.
  init(
    masks: [String], of images: [String], _ headers: [ImageHeader], shape: Shape,
    _ context: DataContext
  ) throws(DataFailure) {
    let phase = context.phase
    var checksums: [UInt64] = []
    let declared = context.classes(of: DataTop.label)
    let names: [String]
    do throws(DataFailure) {
      for (index, path) in masks.enumerated() {
        let (header, checksum) = try ImageFile.headerAndChecksum(path: path)
        checksums.append(checksum)
        let mistake = header.maskMistake ?? headers[index].mistake(ofMask: header, images[index])
        if let mistake { throw DataFailure.content("\(path.quotable): \(mistake)") }
      }
      names = try ExampleTensor.classNames(declared, of: masks, context)
    } catch {
      throw error.blaming("masks", of: phase)
    }
    let files = MaskFiles(
      paths: masks, checksums: checksums,
      classes: MaskClasses(
        below: names.count, offset: context.labelOffset, ignoring: context.ignoredLabels
      ) { context.maskFailure($0) })
    let top = DataTop(classes: .names(names), shape: shape)
    self.init(top, .onDemand(ExampleSelection(files, width: top.width)))
  }

  /// Returns the names of the classes: the declared ones, or the labels of the masks.
  private static func classNames(
    _ declared: ClassNames?, of masks: [String], _ context: DataContext
  ) throws(DataFailure) -> [String] {
    let offset = context.labelOffset
    func names(_ count: Int) -> [String] { (offset..<offset + count).map(String.init) }
    switch declared {
    case .names(let names): return names
    case .count(let count): return names(count)
    case nil: break
    }
    var reader = MaskReader(
      MaskClasses(
        below: ClassNames.range.upperBound, offset: offset, ignoring: context.ignoredLabels,
        isKnown: false
      ) { context.maskFailure($0) })
    let ignored = Set(context.ignoredLabels.map { Float($0) })
    var greatest: Float = 0
    var values = ExampleValues()
    for path in masks {
      try reader.read(path: path, into: &values)
      values.withValues { span in
        for index in span.indices where span[index] > greatest {
          if !ignored.contains(span[index]) { greatest = span[index] }
        }
      }
    }
    guard greatest > 0 else {
      throw .content(
        "the masks: expected at least \(ClassNames.range.lowerBound) classes, "
          + "received only \(offset)")
    }
    return names(Int(greatest) + 1)
  }
}

extension DataContext {
  /// Returns the failure for a pixel that is not a class.
  fileprivate func maskFailure(_ message: String) -> DataFailure {
    labelFailure(message).blaming("masks", of: phase)
  }
}

extension ImageHeader {
  /// Returns the reason why a mask does not fit its image. Nil when it fits.
  fileprivate func mistake(ofMask mask: ImageHeader, _ image: String) -> String? {
    guard mask.size != size else { return nil }
    let isTurned = orientation != .topLeft && mask.size == storedSize
    let reason = isTurned ? ", the size of the image before its Exif orientation" : ""
    return "expected \(size.description) pixels, as in \(image.quotable), received "
      + "\(mask.size.description)\(reason)"
  }
}
