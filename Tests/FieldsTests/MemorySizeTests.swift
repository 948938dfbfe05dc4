import Fields
import Testing

@Suite("Sizes of memory")
struct MemorySizeTests {
  @Test(
    "are numbers with a unit",
    arguments: [
      ("1", 1), ("1048576", 1_048_576), ("500MB", 500_000_000), ("500mb", 500_000_000),
      ("4 GiB", 4_294_967_296), ("4g", 4_294_967_296), ("1.5k", 1536), ("0.5 KiB", 512),
      ("2b", 2), ("3 kB", 3000), ("1TB", 1_000_000_000_000), ("1TiB", 1_099_511_627_776),
      ("2M", 2_097_152), ("0.001 kB", 1), ("1.9", 1), ("9e3", nil),
      ("8388607 TiB", 9_223_370_937_343_148_032),
    ] as [(String, Int?)])
  func sizes(text: String, bytes: Int?) {
    #expect(MemorySize(text)?.bytes == bytes)
  }

  @Test(
    "are not other texts",
    arguments: [
      "", "0", "0.4", "-1", "+1", "MB", "1 MB ", " 1MB", "1MBs", "1 M B", "1,5 GB", "1.2.3k", ".",
      "0x10", "inf", "nan", "1e3", "٣", "8388608 TiB", "9223372036854775808",
      "99999999999999999999",
      "1\u{0}",
    ])
  func refused(text: String) {
    #expect(MemorySize(text) == nil)
  }
}
