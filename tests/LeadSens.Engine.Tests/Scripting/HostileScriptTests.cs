using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace LeadSens.Engine.Tests.Scripting;

/// <summary>Runs alone: its scripts take what they can get of the machine, while others are held to their time.</summary>
[CollectionDefinition(nameof(HostileScriptTests), DisableParallelization = true)]
public sealed class HostileScriptCollection;

/// <summary>One host for all scripts, so that each finds what the one before it left.</summary>
public sealed class HostilePool : IDisposable
{
    public static readonly TimeSpan Time = TimeSpan.FromMilliseconds(100);

    public ScriptHosts Hosts { get; } = new(new ScriptOptions { Hosts = 1, Time = Time, Queue = TimeSpan.FromSeconds(60) });

    public Guid Workspace { get; } = Guid.CreateVersion7();

    public void Dispose() => Hosts.Dispose();
}

/// <summary>Scripts that want all time, all memory or the process, or that leave something behind: hostile.js has one a line, under its name.</summary>
[Collection(nameof(HostileScriptTests))]
public sealed class HostileScriptTests(HostilePool pool) : IClassFixture<HostilePool>
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    /// <summary>Looks everywhere where a script could have left something, and whether what is built in still works.</summary>
    private const string Canary = """
        var seen = [];
        var places = [{}, [], '', 5, true, /a/, new Date(0), new Error('e'), Math, JSON, Object, Array, String, Number, RegExp, Error, Promise, Map, isNaN, variables, getVariable, [].join,
            Math.max, function () { }, () => { }, function* () { }, [][Symbol.iterator](), new Uint8Array(1), Symbol('s'), Intl, Intl.NumberFormat.prototype, new Map(), globalThis];
        places.forEach((place, i) => { if (place.leak !== undefined) seen.push(i); });
        if (typeof leak !== 'undefined' || 'leak' in variables || 'leak' in Object.prototype) seen.push('name');
        if (new Error('own').message !== 'own' || `${new TypeError('t')}` !== 'TypeError: t' || RegExp.$1 === 'leak') seen.push('error');
        if (Math.max(1, 2) !== 2 || JSON.parse('[1]')[0] !== 1 || [1].map(x => x + 1)[0] !== 2 || ' a '.trim() !== 'a' || `${{}}` !== '[object Object]') seen.push('built-in');
        [seen.join(), getVariable('n'), getName(), variables.list.join('-'), Object.keys(variables).length].join('|')
        """;

    public static TheoryData<string, string> Scripts()
    {
        var lines = File.ReadAllLines(Path.Combine(Path.GetDirectoryName(Here())!, "hostile.js"));
        var data = new TheoryData<string, string>();
        for (var i = 0; i < lines.Length; i += 2) data.Add(lines[i][3..], lines[i + 1]);
        return data;
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task A_hostile_script_holds_no_thread_and_costs_and_leaves_nothing(string name, string source)
    {
        // What is no JavaScript is told when the definition is read.
        if (ScriptSource.Check(source) is not null) return;
        await SingAsync(name);
        using var stalls = new StallMeter();
        var (before, clock) = (GC.GetTotalAllocatedBytes(), Stopwatch.StartNew());
        var result = await RunAsync(source);
        var (held, bytes) = (clock.Elapsed, GC.GetTotalAllocatedBytes() - before);
        await SingAsync(name);
        bytes.ShouldBeLessThan(64 * 1024 * 1024, result);
        held.ShouldBeLessThan(HostilePool.Time + Grace + stalls.Total, result);
        if (result.StartsWith('!')) result.ShouldStartWith("! ExpressionError: ");
        result.Length.ShouldBeLessThan(4_000_000);
    }

    [Fact]
    public void There_are_many_of_them() => Scripts().Count.ShouldBeGreaterThanOrEqualTo(150);

    /// <summary>A process that has just been replaced is slow at first, and slower on a busy machine.</summary>
    private async Task SingAsync(string name)
    {
        var song = await RunAsync(Canary);
        for (var again = 0; again < 5 && song.EndsWith("it takes too long.", StringComparison.Ordinal); again++) song = await RunAsync(Canary);
        song.ShouldBe("\"|7|Ada|1-2-3|0\"", name);
    }

    private Task<string> RunAsync(string source) => Script.RunAsync(source, tenant: pool.Workspace, scripts: pool.Hosts);

    private static string Here([CallerFilePath] string path = "") => path;

    /// <summary>How long the machine kept everybody waiting: a thread that asks for a few milliseconds and gets more.</summary>
    private sealed class StallMeter : IDisposable
    {
        private readonly ManualResetEventSlim _ended = new();
        private readonly Thread _thread;
        private long _milliseconds;

        public StallMeter()
        {
            _thread = new Thread(Measure) { IsBackground = true };
            _thread.Start();
        }

        /// <summary>More than once, because what is measured waits in two processes, one after the other.</summary>
        public TimeSpan Total => TimeSpan.FromMilliseconds(3 * Interlocked.Read(ref _milliseconds));

        public void Dispose()
        {
            _ended.Set();
            _thread.Join();
            _ended.Dispose();
        }

        private void Measure()
        {
            var clock = Stopwatch.StartNew();
            while (!_ended.Wait(5))
            {
                Interlocked.Add(ref _milliseconds, Math.Max(0, clock.ElapsedMilliseconds - 10));
                clock.Restart();
            }
        }
    }
}
