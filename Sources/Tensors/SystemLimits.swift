internal import Glibc

/// What the system lets this process take of memory and processors: the machine's own, and the limits on the process and
/// on the control groups that it is in, of version 1 and 2, up to the root.
///
/// Everything is read from files below a root folder, so that tests can give a tree of their own.
package struct SystemLimits: Sendable {
  /// A controller of control groups: the one's name in version 1.
  private enum Controller: String {
    case memory
    case cpu
  }

  /// What stands for `/`.
  let root: String
  /// Limits of the process in bytes; nil for none.
  let addressSpace: Int?
  let dataSegment: Int?

  /// Those of this process.
  package static var current: SystemLimits {
    SystemLimits(root: "", addressSpace: limit(RLIMIT_AS), dataSegment: limit(RLIMIT_DATA))
  }

  package init(root: String, addressSpace: Int? = nil, dataSegment: Int? = nil) {
    self.root = root
    self.addressSpace = addressSpace
    self.dataSegment = dataSegment
  }

  // MARK: Memory

  /// The bytes that the process can still take: the least of what the machine can give without swapping, and what is
  /// left of each limit.
  package var availableMemory: Int {
    let pages = sysconf(CInt(_SC_PHYS_PAGES)).multipliedReportingOverflow(
      by: sysconf(CInt(_SC_PAGESIZE)))
    let all = pages.overflow ? Int.max : max(0, pages.partialValue)
    let free = kibibytes("MemAvailable:", in: "/proc/meminfo")
    let process = [
      left(of: addressSpace, taken: "VmSize:"), left(of: dataSegment, taken: "VmData:"),
    ]
    let groups = folders(of: .memory).map(memory(ofGroup:))
    return (process + groups).compactMap { $0 }.reduce(free ?? all, min)
  }

  /// The address space that stacks of threads and the system's allocator reserve, mostly without using it.
  package static let reserved = 96 << 20

  /// What is left of a limit of the process, without what threads reserve later.
  private func left(of limit: Int?, taken name: String) -> Int? {
    guard let limit else { return nil }
    let taken = kibibytes(name, in: "/proc/self/status") ?? 0
    return max(0, limit - SystemLimits.reserved - min(taken, limit))
  }

  /// What is left of a group's limits; nil if it has none. Files that can be read again are not memory that is taken.
  ///
  /// Above `memory.high` the system slows a process down until it gives memory back, so it limits as `memory.max` does.
  private func memory(ofGroup folder: String) -> Int? {
    let limits = ["memory.max", "memory.high", "memory.limit_in_bytes"]
    guard let limit = limits.compactMap({ number("\(folder)/\($0)") }).min() else { return nil }
    let used = number("\(folder)/memory.current") ?? number("\(folder)/memory.usage_in_bytes") ?? 0
    let files =
      word(after: "total_inactive_file", in: "\(folder)/memory.stat")
      ?? word(after: "inactive_file", in: "\(folder)/memory.stat")
    return max(0, limit - max(0, used - max(0, files.flatMap { Int($0) } ?? 0)))
  }

  // MARK: Processors

  /// The threads that can compute at the same time: the processors that the process may run on, or the quota of a group
  /// (rounded up) where that is less.
  package var processors: Int {
    max(1, folders(of: .cpu).compactMap(processors(ofGroup:)).reduce(affinity, min))
  }

  /// The processors that the system may run the process on.
  private var affinity: Int {
    // `Cpus_allowed: ff,00000003`, a bit a processor.
    let mask = word(after: "Cpus_allowed:", in: "/proc/self/status") ?? ""
    let count = mask.reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
    return count > 0 ? count : max(1, sysconf(CInt(_SC_NPROCESSORS_ONLN)))
  }

  private func processors(ofGroup folder: String) -> Int? {
    let quota: (time: Int, period: Int)
    let words = words("\(folder)/cpu.max")
    if words.count == 2, let time = Int(words[0]), let period = Int(words[1]) {
      quota = (time, period)
    } else if let time = number("\(folder)/cpu.cfs_quota_us"),
      let period = number("\(folder)/cpu.cfs_period_us")
    {
      quota = (time, period)
    } else {
      return nil
    }
    guard quota.time > 0, quota.period > 0 else { return nil }
    return (quota.time - 1) / quota.period + 1
  }

  // MARK: Control groups

  /// The folders of the groups that the process is in, from its own up to the root, in both versions.
  private func folders(of controller: Controller) -> [String] {
    let mounts = self.mounts(of: controller)
    return lines("/proc/self/cgroup").flatMap { line -> [String] in
      // `0::/user.slice/own` in version 2, `4:memory:/own` in version 1.
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return [] }
      let isUnified = parts[1].isEmpty
      guard isUnified || parts[1].split(separator: ",").contains(controller.rawValue[...])
      else { return [] }
      return mounts.filter { $0.isUnified == isUnified }.flatMap {
        $0.folders(of: String(parts[2]))
      }
    }
  }

  /// Where a hierarchy of groups can be seen.
  private struct Mount {
    let isUnified: Bool
    /// The group that is at the mount point: in a container its own.
    let group: String
    let point: String

    /// The folders of a group and of those above it, as far as they can be seen.
    func folders(of path: String) -> [String] {
      let base = group == "/" ? "" : group
      // A group outside of what is mounted leaves the mount point itself.
      var rest = path == base || path.hasPrefix(base + "/") ? path.dropFirst(base.count)[...] : ""
      if rest.contains("/..") { rest = "" }
      var folders: [String] = []
      while rest.count > 1 {
        folders.append(point + rest)
        rest = rest[..<(rest.lastIndex(of: "/") ?? rest.startIndex)]
      }
      return folders + [point]
    }
  }

  private func mounts(of controller: Controller) -> [Mount] {
    let mounts = lines("/proc/self/mountinfo").compactMap { line -> Mount? in
      // `31 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup rw`
      let words = line.split(separator: " ").map(String.init)
      guard let dash = words.firstIndex(of: "-"), dash >= 6, words.count > dash + 3 else {
        return nil
      }
      let isUnified = words[dash + 1] == "cgroup2"
      let options = words[dash + 3].split(separator: ",")
      guard isUnified || words[dash + 1] == "cgroup" && options.contains(controller.rawValue[...])
      else { return nil }
      return Mount(isUnified: isUnified, group: words[3], point: words[4])
    }
    return mounts.isEmpty
      ? [
        Mount(isUnified: true, group: "/", point: "/sys/fs/cgroup"),
        Mount(isUnified: false, group: "/", point: "/sys/fs/cgroup/\(controller.rawValue)"),
      ] : mounts
  }

  // MARK: Files

  /// The number that is all of a file; nil if there is none, or it is `max`.
  private func number(_ path: String) -> Int? { words(path).first.flatMap { Int($0) } }

  private func words(_ path: String) -> [Substring] {
    lines(path).first?.split(whereSeparator: \.isWhitespace) ?? []
  }

  /// The bytes that a line `name 12 kB` states.
  private func kibibytes(_ name: String, in path: String) -> Int? {
    guard let count = word(after: name, in: path).flatMap({ Int($0) }), count >= 0 else {
      return nil
    }
    let bytes = count.multipliedReportingOverflow(by: 1024)
    return bytes.overflow ? nil : bytes.partialValue
  }

  /// The word that follows `name` at the start of a line.
  private func word(after name: String, in path: String) -> Substring? {
    for line in lines(path) {
      let words = line.split(whereSeparator: \.isWhitespace)
      if words.first == name[...] { return words.dropFirst().first }
    }
    return nil
  }

  /// The lines of a file of the system; none where it cannot be read.
  private func lines(_ path: String) -> [Substring] {
    guard let file = unsafe fopen(root + path, "re") else { return [] }
    defer { unsafe fclose(file) }
    // Such files are of no length that is known before.
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 4096)
    while bytes.count < 1 << 20, case let count = unsafe fread(&part, 1, part.count, file),
      count > 0
    {
      bytes += part[..<count]
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }

  // MARK: The process

  private static func limit(_ resource: __rlimit_resource) -> Int? {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return nil }
    return Int(exactly: limit.rlim_cur)
  }
}
