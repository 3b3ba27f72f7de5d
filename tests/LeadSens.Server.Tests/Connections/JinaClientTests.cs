using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Connections;

public sealed class JinaClientTests
{
    [Fact]
    public async Task A_page_is_asked_for_by_its_whole_address()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(200, """{"code":200,"status":20000,"data":{"title":"Acme","url":"https://acme.example/","content":"# Acme\nWe build."}}""");
        using var client = TestClients.Jina();
        var page = await client.ReadAsync(TestClients.Account("jina", provider.Url), "acme.example/about?lang=fr", default);
        page.Value.ShouldNotBeNull().Text.ShouldBe("# Acme\nWe build.");
        var call = provider.Calls.ShouldHaveSingleItem();
        call.Target.ShouldBe("/https://acme.example/about?lang=fr");
        call.Headers["Authorization"].ShouldBe("Bearer " + TestClients.Secret);
    }

    [Fact]
    public async Task Without_a_key_no_credential_is_sent()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(200, """{"data":{"content":"text"}}""");
        using var client = TestClients.Jina();
        (await client.ReadAsync(ProviderAccount.Real("jina", provider.Url, ""), "acme.example", default)).Succeeded.ShouldBeTrue();
        provider.Calls.ShouldHaveSingleItem().Headers.Keys.ShouldNotContain("Authorization");
    }

    [Theory]
    [InlineData("""{"code":200,"status":20000,"httpStatus":404,"data":{"content":"Not found"}}""")]
    [InlineData("""{"code":200,"status":20000,"data":{"content":"Gone","httpStatus":503}}""")]
    [InlineData("""{"code":200,"status":20000,"data":{"content":"  \n "}}""")]
    public async Task A_page_that_fails_or_is_empty_is_not_found(string answer)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(200, answer);
        using var client = TestClients.Jina();
        (await client.ReadAsync(TestClients.Account("jina", provider.Url), "acme.example", default)).Failure.ShouldNotBeNull().Kind.ShouldBe(ProviderFailureKind.NotFound);
    }

    [Fact]
    public async Task A_private_address_is_never_handed_over()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(200, "{}");
        using var client = TestClients.Jina();
        var refused = await client.ReadAsync(TestClients.Account("jina", provider.Url), "http://169.254.169.254/latest", default);
        refused.Failure.ShouldNotBeNull().Kind.ShouldBe(ProviderFailureKind.Invalid);
        provider.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_redirect_does_not_carry_the_credential_away()
    {
        await using var elsewhere = await ScriptedProvider.AnsweringAsync(200, """{"data":{"content":"text"}}""");
        await using var provider = await ScriptedProvider.AnsweringAsync(302, "", "text/plain", ("Location", elsewhere.Url));
        using var client = TestClients.Jina();
        (await client.ReadAsync(TestClients.Account("jina", provider.Url), "acme.example", default)).Succeeded.ShouldBeFalse();
        elsewhere.Calls.ShouldBeEmpty();
    }
}
