import Expressions
import Files
import Glibc
import Oracles
import RunOracles
import Tensors
import Testing

@Suite("The system's limits") struct SystemLimitsTests {
  /// A folder that replaces the root of a machine's file system.
  private struct Root {
    let folder: TemporaryFolder

    init(_ files: [String: String]) throws {
      folder = try TemporaryFolder()
      for (path, text) in files {
        var parent = folder.path
        for name in path.split(separator: "/").dropLast() {
          parent += "/\(name)"
          _ = unsafe mkdir(parent, 0o755)
        }
        try OutputFile.write(text, to: "\(folder.path)/\(path)")
      }
    }

    /// The available memory, read while the folder exists.
    var availableMemory: Int { withExtendedLifetime(folder) { limits().availableMemory } }
    var processors: Int { withExtendedLifetime(folder) { limits().processors } }

    func limits(addressSpace: Int? = nil, dataSegment: Int? = nil) -> SystemLimits {
      SystemLimits(root: folder.path, addressSpace: addressSpace, dataSegment: dataSegment)
    }
  }

  /// A machine with 8,000 KiB of free memory and 16 processors. The process has mapped 300 KiB,
  /// including 200 KiB of data.
  private static let machine = [
    "proc/meminfo": "MemTotal: 16000 kB\nMemFree: 10 kB\nMemAvailable:    8000 kB\n",
    "proc/self/status":
      "Name:\tdlrun\nVmSize:\t     300 kB\nVmData:\t 200 kB\nCpus_allowed:\tff,000000ff\n",
  ]
  private static let version2 = [
    "proc/self/cgroup": "0::/user/own\n",
    "proc/self/mountinfo":
      "22 1 0:21 / /proc rw - proc proc rw\n31 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 "
      + "cgroup2 rw,nsdelegate\n",
  ]
  private static let version1 = [
    "proc/self/cgroup": "12:memory:/own\n3:cpu,cpuacct:/own\n1:name=systemd:/other\n0::/\n",
    "proc/self/mountinfo":
      "31 23 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
      + "32 23 0:27 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct\n",
  ]

  private static func files(_ parts: [String: String]...) -> [String: String] {
    parts.reduce([:]) { $0.merging($1) { $1 } }
  }

  @Test("of memory equal the free memory if nothing is limited")
  func machine() throws {
    let root = try Root(SystemLimitsTests.machine)
    #expect(root.limits().availableMemory == 8000 << 10)
    #expect(root.limits().processors == 16)
  }

  @Test("of the process leave the part that it has not mapped yet")
  func process() throws {
    let root = try Root(SystemLimitsTests.machine)
    let reserved = SystemLimits.reserved
    #expect(root.limits(addressSpace: reserved + (1000 << 10)).availableMemory == 700 << 10)
    #expect(root.limits(dataSegment: reserved + (1000 << 10)).availableMemory == 800 << 10)
    let both = root.limits(
      addressSpace: reserved + (1000 << 10), dataSegment: reserved + (600 << 10))
    #expect(both.availableMemory == 400 << 10)
    #expect(root.limits(addressSpace: 100 << 10).availableMemory == 0)
    #expect(root.limits(addressSpace: reserved + (9000 << 10)).availableMemory == 8000 << 10)
  }

  /// The places where a group of version 2 states its limit, and the memory that each leaves.
  @Test(
    "of version 2 apply for every group from that of the process up to the root",
    arguments: [
      ("user/own/memory.max", 600_000), ("user/memory.max", 600_000), ("memory.max", 600_000),
      ("user/own/memory.high", 600_000),
    ])
  func unified(file: String, left: Int) throws {
    let folder = (["sys/fs/cgroup"] + file.split(separator: "/").dropLast()).joined(separator: "/")
    var files = SystemLimitsTests.files(SystemLimitsTests.machine, SystemLimitsTests.version2)
    for group in ["", "/user", "/user/own"] {
      files["sys/fs/cgroup\(group)/memory.max"] = "max\n"
      files["sys/fs/cgroup\(group)/memory.high"] = "max\n"
      files["sys/fs/cgroup\(group)/memory.current"] = "5000000\n"
    }
    files["sys/fs/cgroup/\(file)"] = "1000000\n"
    files["\(folder)/memory.current"] = "500000\n"
    files["\(folder)/memory.stat"] = "anon 100000\ninactive_file 100000\nactive_file 20\n"
    #expect(try Root(files).availableMemory == left)
  }

  @Test("of several groups are the smallest remainder, and never below 0")
  func several() throws {
    var files = SystemLimitsTests.files(SystemLimitsTests.machine, SystemLimitsTests.version2)
    files["sys/fs/cgroup/user/memory.max"] = "3000000\n"
    files["sys/fs/cgroup/user/memory.current"] = "2500000\n"
    files["sys/fs/cgroup/user/own/memory.max"] = "900000\n"
    files["sys/fs/cgroup/user/own/memory.current"] = "100000\n"
    #expect(try Root(files).availableMemory == 500_000)
    files["sys/fs/cgroup/user/memory.current"] = "3500000\n"
    #expect(try Root(files).availableMemory == 0)
  }

  @Test("of version 1 are read beside the hierarchies of other controllers")
  func separate() throws {
    var files = SystemLimitsTests.files(SystemLimitsTests.machine, SystemLimitsTests.version1)
    files["sys/fs/cgroup/memory/own/memory.limit_in_bytes"] = "1000000\n"
    files["sys/fs/cgroup/memory/own/memory.usage_in_bytes"] = "700000\n"
    files["sys/fs/cgroup/memory/own/memory.stat"] = "inactive_file 9\ntotal_inactive_file 50000\n"
    files["sys/fs/cgroup/memory/memory.limit_in_bytes"] = "9223372036854771712\n"
    files["sys/fs/cgroup/memory/memory.usage_in_bytes"] = "800000\n"
    files["sys/fs/cgroup/cpu,cpuacct/own/cpu.cfs_quota_us"] = "250000\n"
    files["sys/fs/cgroup/cpu,cpuacct/own/cpu.cfs_period_us"] = "100000\n"
    files["sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us"] = "-1\n"
    files["sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us"] = "100000\n"
    let limits = try Root(files)
    #expect(limits.availableMemory == 350_000)
    #expect(limits.processors == 3)
  }

  /// A container sees its own group at the mount point: as `/` in a namespace, or else by its whole
  /// path.
  @Test(
    "of a container are those at its mount point",
    arguments: [
      ("/", "/"), ("/docker/c1", "/docker/c1"), ("/docker/c1", "/elsewhere"), ("/", "/../other"),
    ])
  func container(group: String, own: String) throws {
    var files = SystemLimitsTests.machine
    files["proc/self/cgroup"] = "0::\(own)\n"
    files["proc/self/mountinfo"] = "31 23 0:26 \(group) /sys/fs/cgroup rw - cgroup2 cgroup rw\n"
    files["sys/fs/cgroup/memory.max"] = "1000000\n"
    files["sys/fs/cgroup/memory.current"] = "400000\n"
    files["sys/fs/cgroup/cpu.max"] = "150000 100000\n"
    let limits = try Root(files)
    #expect(limits.availableMemory == 600_000)
    #expect(limits.processors == 2)
  }

  @Test(
    "of processors are the affinity or the smallest quota of a group, rounded up",
    arguments: [
      ("max 100000", "max 100000", 16), ("100000 100000", "max 100000", 1),
      ("100001 100000", "max 100000", 2), ("800000 100000", "350000 100000", 4),
      ("20000 100000", "max 100000", 1), ("9900000 100000", "max 100000", 16),
      ("nonsense", "0 0", 16), ("5 0", "-1 100", 16),
    ])
  func quota(own: String, above: String, count: Int) throws {
    var files = SystemLimitsTests.files(SystemLimitsTests.machine, SystemLimitsTests.version2)
    files["sys/fs/cgroup/user/own/cpu.max"] = own + "\n"
    files["sys/fs/cgroup/user/cpu.max"] = above + "\n"
    #expect(try Root(files).processors == count)
    files["proc/self/status"] = "Cpus_allowed:\t00000000,00000010\n"
    #expect(try Root(files).processors == 1)
  }

  @Test("do not exist if the system's files are missing or malformed")
  func nothing() throws {
    #expect(try Root([:]).availableMemory > 1 << 20)
    var files = SystemLimitsTests.files(SystemLimitsTests.machine, SystemLimitsTests.version2)
    files["sys/fs/cgroup/user/own/memory.max"] = "lots\n"
    files["sys/fs/cgroup/user/memory.max"] = ""
    files["proc/meminfo"] = "MemAvailable: 8000 kB\nMemAvailable\n\n"
    #expect(try Root(files).availableMemory == 8000 << 10)
  }

  @Test("of this process are those that the system enforces")
  func current() async {
    await #expect(processExitsWith: .success) {
      let before = SystemLimits.current.availableMemory
      #expect(before > 0 && SystemLimits.current.processors >= 1)
      var limit = rlimit()
      unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
      limit.rlim_cur = 64 << 30
      #expect(unsafe setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
      #expect(SystemLimits.current.availableMemory < 64 << 30)
    }
  }
}
