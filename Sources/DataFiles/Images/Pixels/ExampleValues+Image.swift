extension ExampleValues {
  /// Copies an image of 8 bits, channels first.
  package mutating func copy(_ image: PixelImage<UInt8>) { copyPlanes(of: image) }

  /// Copies an image of 16 bits, channels first.
  package mutating func copy(_ image: PixelImage<UInt16>) { copyPlanes(of: image) }

  /// The compiler specializes this loop for both types, because they are known in this module.
  @inline(__always)
  private mutating func copyPlanes<Sample: PixelSample>(of image: PixelImage<Sample>) {
    let (channels, area) = (image.channels, image.height * image.width)
    reshape(channels: channels, height: image.height, width: image.width)
    withMutableValues { planes in
      image.withSamples { samples in
        for channel in 0..<channels {
          for pixel in 0..<area {
            planes[channel * area + pixel] = Float(samples[pixel * channels + channel])
          }
        }
      }
    }
  }
}
