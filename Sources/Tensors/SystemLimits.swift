internal import Glibc

/// The memory and processors that this process can use.
///
/// The limits come from the machine, from the process, and from its control groups up to the root,
/// in versions 1 and 2. All values are read from files below a root folder, so that tests can
/// supply a tree of their own.
package struct SystemLimits: Sendable {
  /// A controller of control groups, by its name in version 1.
  private enum Controller: String {
    case memory
    case cpu
  }

  /// The folder that replaces `/`.
  let root: String
  /// The limits of the process in bytes. Nil means unlimited.
  let addressSpace: Int?
  let dataSegment: Int?

  /// The limits of this process.
  package static var current: SystemLimits {
    SystemLimits(root: "", addressSpace: limit(RLIMIT_AS), dataSegment: limit(RLIMIT_DATA))
  }

  package init(root: String, addressSpace: Int? = nil, dataSegment: Int? = nil) {
    self.root = root
    self.addressSpace = addressSpace
    self.dataSegment = dataSegment
  }

  /// The bytes that the process can still allocate.
  ///
  /// The value is the minimum of the memory that the machine can give without swapping and the rest
  /// of each limit.
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

  /// The address space in bytes that thread stacks and the allocator reserve. They use only a small
  /// part of it.
  package static let reserved = 96 << 20

  /// Returns the rest of a process limit, minus the address space that threads reserve later.
  private func left(of limit: Int?, taken name: String) -> Int? {
    guard let limit else { return nil }
    let taken = kibibytes(name, in: "/proc/self/status") ?? 0
    return max(0, limit - SystemLimits.reserved - min(taken, limit))
  }

  /// Returns the rest of a group's limits, or nil when the group has none.
  ///
  /// Cached files do not count as used memory, because the system can drop them. Above
  /// `memory.high` the system slows a process down until it frees memory. Therefore `memory.high`
  /// is a limit like `memory.max`.
  private func memory(ofGroup folder: String) -> Int? {
    let limits = ["memory.max", "memory.high", "memory.limit_in_bytes"]
    guard let limit = limits.compactMap({ number("\(folder)/\($0)") }).min() else { return nil }
    let used = number("\(folder)/memory.current") ?? number("\(folder)/memory.usage_in_bytes") ?? 0
    let files =
      word(after: "total_inactive_file", in: "\(folder)/memory.stat")
      ?? word(after: "inactive_file", in: "\(folder)/memory.stat")
    return max(0, limit - max(0, used - max(0, files.flatMap { Int($0) } ?? 0)))
  }

  /// The number of threads that can compute at the same time.
  ///
  /// The value is the number of processors that the process may use. If a control group has a
  /// smaller quota, the value is that quota, rounded up.
  package var processors: Int {
    max(1, folders(of: .cpu).compactMap(processors(ofGroup:)).reduce(affinity, min))
  }

  /// The number of processors that the system lets the process use.
  private var affinity: Int {
    // `Cpus_allowed: ff,00000003` has one bit for each processor.
    let mask = word(after: "Cpus_allowed:", in: "/proc/self/status") ?? ""
    let count = mask.reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
    return count > 0 ? count : max(1, sysconf(CInt(_SC_NPROCESSORS_ONLN)))
  }

  /// Returns the quota of a group in processors, or nil when the group has none.
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

  /// Returns the folders of the process's groups in both versions, from its own group up to the
  /// root.
  private func folders(of controller: Controller) -> [String] {
    let mounts = self.mounts(of: controller)
    return lines("/proc/self/cgroup").flatMap { line -> [String] in
      // Version 2 has `0::/user.slice/own`, version 1 `4:memory:/own`.
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

  /// A mount point of a hierarchy of groups.
  private struct Mount {
    let isUnified: Bool
    /// The group at the mount point. In a container it is the container's own group.
    let group: String
    let point: String

    /// Returns the folders of a group and of its parents, if the mount contains them.
    func folders(of path: String) -> [String] {
      let base = group == "/" ? "" : group
      // For a group outside the mounted tree, only the mount point remains.
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
      let words = words(of: line).map(String.init)
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

  /// Returns the number in a file, or nil when the file is missing or contains `max`.
  private func number(_ path: String) -> Int? { words(path).first.flatMap { Int($0) } }

  private func words(_ path: String) -> [Substring] { lines(path).first.map(words(of:)) ?? [] }

  /// Returns the parts between blanks. Bytes tell them apart faster than characters do, and a start
  /// reads several hundred lines.
  private func words(of line: Substring) -> [Substring] {
    line.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.map(Substring.init)
  }

  /// Returns the bytes that a line `name 12 kB` states.
  private func kibibytes(_ name: String, in path: String) -> Int? {
    guard let count = word(after: name, in: path).flatMap({ Int($0) }), count >= 0 else {
      return nil
    }
    let bytes = count.multipliedReportingOverflow(by: 1024)
    return bytes.overflow ? nil : bytes.partialValue
  }

  /// Returns the word after `name` in the line that begins with `name`.
  private func word(after name: String, in path: String) -> Substring? {
    for line in lines(path) {
      guard line.utf8.starts(with: name.utf8) else { continue }
      let words = words(of: line)
      if words.first == name[...] { return words.dropFirst().first }
    }
    return nil
  }

  /// Returns the lines of a system file. Empty when the file cannot be read.
  private func lines(_ path: String) -> [Substring] {
    guard let file = unsafe fopen(root + path, "re") else { return [] }
    defer { unsafe fclose(file) }
    // The size of a system file is unknown before it is read.
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 4096)
    while bytes.count < 1 << 20, case let count = unsafe fread(&part, 1, part.count, file),
      count > 0
    {
      bytes += part[..<count]
    }
    return String(decoding: bytes, as: UTF8.self).utf8.split(separator: UInt8(ascii: "\n"))
      .map(Substring.init)
  }

  private static func limit(_ resource: __rlimit_resource) -> Int? {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return nil }
    return Int(exactly: limit.rlim_cur)
  }
}
