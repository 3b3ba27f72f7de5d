using System.Net;
using System.Net.Http.Json;
using System.Text;
using LeadSens.Server.Secrets;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Tests.Web;

/// <summary>The keys behind cookies and anti-forgery tokens.</summary>
public sealed class StoredKeysTests
{
    private const string Email = "ada@example.com";

    [Fact]
    public async Task A_browser_that_signed_in_on_one_node_is_signed_in_on_all_also_after_a_rotation()
    {
        await using var a = await TestApp.StartAsync();
        await using var b = TestApp.Beside(a.Database);
        await a.RegisterAsync(Email);
        var (cookie, csrf) = await SignInAsync(a);

        (await ChangeAsync(b, cookie, csrf)).ShouldBe(HttpStatusCode.Created);
        var next = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        await using var rotated = TestApp.Beside(a.Database, ("LeadSens:EncryptionKey", next), ("LeadSens:PreviousEncryptionKeys", Server.Operations.LeadSensOptions.DevelopmentEncryptionKey));
        (await ChangeAsync(rotated, cookie, csrf)).ShouldBe(HttpStatusCode.Created);

        (await a.Database.ScalarAsync<long>("select count(*) from data_protection_keys")).ShouldBe(1, "nodes that start beside each other make no second key");
    }

    [Fact]
    public async Task Keys_are_in_the_database_and_nowhere_in_plain_text()
    {
        await using var app = await TestApp.StartAsync();

        var rows = await app.Database.ListAsync<byte[]>("select sealed_key from data_protection_keys");

        rows.Count.ShouldBe(1);
        Encoding.Latin1.GetString(rows[0]).ShouldNotContain("masterKey");
        var id = (await app.Database.ListAsync<string>("select id from data_protection_keys")).Single();
        Encoding.UTF8.GetString(app.Services.GetRequiredService<SecretBox>().Open(rows[0], SealedColumns.DataProtectionKeys.ContextOf(id))).ShouldContain("masterKey");
        SealedColumns.All.ShouldContain(SealedColumns.DataProtectionKeys);
        app.Services.GetRequiredService<IOptions<KeyManagementOptions>>().Value.XmlRepository.ShouldBeOfType<StoredKeys>();
    }

    [Fact]
    public async Task A_key_with_a_document_type_is_not_read()
    {
        await using var app = await TestApp.StartAsync();
        var stored = app.Services.GetRequiredService<StoredKeys>();
        stored.GetAllElements().Count.ShouldBe(1);
        var xml = Encoding.UTF8.GetBytes("""<!DOCTYPE key [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><key>&b;</key>""");

        await app.Database.ExecuteAsync("insert into data_protection_keys (id, sealed_key, created_at) values ('key-x', $1, now())",
            app.Services.GetRequiredService<SecretBox>().Seal(xml, SealedColumns.DataProtectionKeys.ContextOf("key-x")));

        Should.Throw<System.Xml.XmlException>(() => stored.GetAllElements()).Message.ShouldContain("DTD");
    }

    private static async Task<(string Cookie, string Csrf)> SignInAsync(TestApp app)
    {
        using var http = app.Client("");
        using var answer = await http.PostAsJsonAsync("/api/auth/login?cookie=true", new { email = Email, password = People.Password });
        var csrf = (await People.JsonAsync(answer)).GetProperty("csrfToken").GetString()!;
        return (string.Join("; ", answer.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0])), csrf);
    }

    private static async Task<HttpStatusCode> ChangeAsync(TestApp app, string cookie, string csrf)
    {
        using var http = app.Client("");
        http.DefaultRequestHeaders.Add("Cookie", cookie);
        http.DefaultRequestHeaders.Add("X-CSRF-Token", csrf);
        return (await http.PostAsJsonAsync("/api/workspaces", new { name = "Another" })).StatusCode;
    }
}
