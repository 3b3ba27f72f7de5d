using System.Net;
using LeadSens.Server.Studio.Site;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Studio.Site;

public sealed class StudioFilesTests : IAsyncLifetime
{
    private TestApp app = null!;
    private HttpClient browser = null!;

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.StartAsync();
        browser = app.Client("");
    }

    public async ValueTask DisposeAsync()
    {
        browser.Dispose();
        await app.DisposeAsync();
    }

    [Theory]
    [InlineData("_framework/blazor.webassembly.js", "text/javascript", false)]
    [InlineData("_content/MudBlazor/MudBlazor.min.css", "text/css", false)]
    [InlineData("_framework/dotnet.native.*.wasm", "application/wasm", true)]
    public async Task Files_come_as_brotli_to_those_who_take_it(string pattern, string type, bool forEver)
    {
        var root = StudioPackage.Find()!;
        var file = Directory.GetFiles(Path.Combine(root, Path.GetDirectoryName(pattern)!), Path.GetFileName(pattern)).Single();
        var path = $"/studio/{Path.GetRelativePath(root, file)}";

        using var small = await GetAsync(path, "gzip, br");
        small.Content.Headers.ContentEncoding.ShouldBe(["br"]);
        small.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        (await small.Content.ReadAsByteArrayAsync()).LongLength.ShouldBe(new FileInfo(file + ".br").Length);
        small.Headers.CacheControl!.ToString().Contains("immutable", StringComparison.Ordinal).ShouldBe(forEver);
        using var plain = await GetAsync(path, "identity");
        plain.Content.Headers.ContentEncoding.ShouldBeEmpty();
        (await plain.Content.ReadAsByteArrayAsync()).LongLength.ShouldBe(new FileInfo(file).Length);
    }

    [Theory]
    [InlineData("/studio/index.html")]
    [InlineData("/studio/_framework/nothing.wasm")]
    [InlineData("/studio/_framework/..%2f..%2f..%2fpackage.json")]
    public async Task What_is_not_a_file_of_Studio_is_not_there(string path) =>
        (await browser.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task A_file_that_the_browser_has_is_not_sent_again()
    {
        using var first = await GetAsync("/studio/_content/MudBlazor/MudBlazor.min.css", "br");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/studio/_content/MudBlazor/MudBlazor.min.css");
        request.Headers.AcceptEncoding.ParseAdd("br");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        (await browser.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string encoding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.AcceptEncoding.ParseAdd(encoding);
        var answer = await browser.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        return answer;
    }
}
