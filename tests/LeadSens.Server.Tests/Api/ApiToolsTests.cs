using System.Runtime.CompilerServices;
using LeadSens.Server.Data;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Api;

/// <summary>What others read the API document with can read it: the tools of <c>tests/api-document</c>, which <c>./test.sh</c> installs.</summary>
public sealed class ApiToolsTests(AppOfClass apps) : IClassFixture<AppOfClass>, IAsyncLifetime
{
    private static readonly string Folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "api-document"));

    public async ValueTask InitializeAsync()
    {
        File.Exists(Path.Combine(Folder, "node_modules", ".fetched")).ShouldBeTrue("run ./test.sh, or npm ci in tests/api-document and touch node_modules/.fetched");
        Directory.CreateDirectory(Path.Combine(Folder, "made"));
        await File.WriteAllBytesAsync(Path.Combine(Folder, "made", "openapi.json"), await apps.App.Client("").GetByteArrayAsync("/openapi/v1.json"));
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Redoclys_recommended_rules_hold() => await RunAsync("@redocly/cli/bin/cli.js lint made/openapi.json --config redocly.yaml --format stylish");

    [Fact]
    public async Task A_client_that_is_typed_by_it_compiles_strictly()
    {
        await RunAsync("openapi-typescript/bin/cli.js made/openapi.json --output made/schema.ts");
        await RunAsync("typescript/bin/tsc --project tsconfig.json");
    }

    private static async Task RunAsync(string command)
    {
        var script = $"cd '{Folder}' && REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true exec node node_modules/{command}";
        var end = await Command.RunAsync(["sh", "-c", script], null, CancellationToken.None);
        end.ExitCode.ShouldBe(0, end.Output);
    }

    private static string Here([CallerFilePath] string file = "") => file;
}
