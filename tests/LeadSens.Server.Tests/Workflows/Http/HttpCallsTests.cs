using System.Net;
using System.Text.Json;
using LeadSens.Engine.BuiltIn;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Tests.Workflows.Http;

/// <summary>Requests of workflows to a real server on this machine, which the options allow; every other private address stays refused.</summary>
public sealed class HttpCallsTests
{
    private readonly List<string> asked = [];

    [Fact]
    public async Task An_answer_comes_back_parsed_with_its_headers()
    {
        await using var server = await ScriptedProvider.AnsweringAsync(201, """{"id":7,"tags":["a"]}""", "application/vnd.acme+json; charset=utf-8", ("X-Trace", "t1"));

        var answer = await AnswerAsync(new("post", server.Url + "/orders?q=1", """{"name":"Zoë"}""", "application/json", "key-1") { Authorization = "Bearer s3cret", Headers = [new("X-One", "1"), new("X-One", "2")] });

        answer.StatusCode.ShouldBe(201);
        answer.Content.GetProperty("id").GetInt32().ShouldBe(7);
        answer.Headers["X-Trace"].ShouldBe(["t1"]);
        var call = server.Calls.ShouldHaveSingleItem();
        (call.Method, call.Target, call.Body).ShouldBe(("POST", "/orders?q=1", """{"name":"Zoë"}"""));
        (call.Headers["Authorization"], call.Headers["X-One"], call.Headers["Content-Type"]).ShouldBe(("Bearer s3cret", "1, 2", "application/json"));
        call.Headers["Idempotency-Key"].ShouldBe("key-1");
    }

    [Theory]
    [InlineData("text/plain", "hello", "\"hello\"")]
    [InlineData("text/plain; charset=iso-8859-1", "hello", "\"hello\"")]
    [InlineData("application/json", "{broken", "\"{broken\"")]
    [InlineData("application/json", "12", "12")]
    [InlineData("image/png", "png", "\"cG5n\"")]
    [InlineData("application/octet-stream", "a\0b", "\"YQBi\"")]
    [InlineData("text/plain", "a\0b", "\"YQBi\"")]
    public async Task Contents_become_values_by_their_type(string type, string body, string value)
    {
        await using var server = await ScriptedProvider.AnsweringAsync(200, body, type);

        (await AnswerAsync(Get(server.Url))).Content.GetRawText().ShouldBe(value);
    }

    [Fact]
    public async Task An_answer_without_a_body_is_an_answer()
    {
        await using var server = await ScriptedProvider.AnsweringAsync(200, "", "application/json");

        (await AnswerAsync(Get(server.Url))).Content.ValueKind.ShouldBe(JsonValueKind.Undefined);
        (await AnswerAsync(new("HEAD", server.Url, null, null, "k"))).StatusCode.ShouldBe(200);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/"), InlineData("http://localhost:{0}/"), InlineData("http://[::1]:{0}/"), InlineData("http://[::ffff:127.0.0.1]:{0}/"), InlineData("http://2130706433:{0}/")]
    [InlineData("http://0x7f.1:{0}/"), InlineData("http://0177.0.0.1:{0}/"), InlineData("http://127.1:{0}/"), InlineData("http://0.0.0.0:{0}/"), InlineData("http://[::]:{0}/")]
    [InlineData("http://169.254.169.254/latest/meta-data/"), InlineData("http://10.0.0.1/"), InlineData("http://[fd00:ec2::254]/"), InlineData("http://[64:ff9b::7f00:1]:{0}/"), InlineData("http://[2002:7f00:1::]:{0}/")]
    public async Task A_private_address_is_refused_however_it_is_written(string url)
    {
        await using var server = await ScriptedProvider.AnsweringAsync(200, "secret");
        using var calls = Calls(new());

        var refused = (await calls.SendAsync(Get(string.Format(url, new Uri(server.Url).Port)), default)).ShouldBeOfType<HttpCallResult.Refused>();

        (refused.Code, refused.Message.Contains("Workflows__Http__AllowedHosts", StringComparison.Ordinal)).ShouldBe(("http_address_refused", true));
        server.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("10.0.0.1"), InlineData("8.8.8.8", "127.0.0.1"), InlineData("2606:4700:4700::1111", "::1"), InlineData("169.254.169.254")]
    public async Task A_name_is_refused_when_one_of_its_addresses_is_private(params string[] addresses)
    {
        using var calls = Calls(new(), addresses);

        (await calls.SendAsync(Get("http://tricky.example/"), default)).ShouldBeOfType<HttpCallResult.Refused>().Code.ShouldBe("http_address_refused");
    }

    [Fact]
    public async Task What_was_checked_is_what_is_connected_to()
    {
        await using var server = await ScriptedProvider.AnsweringAsync(200, "one");
        using var calls = Calls(Allowing(), "127.0.0.1");

        var url = $"http://rebinding.example:{new Uri(server.Url).Port}/";
        (await calls.SendAsync(Get(url), default)).ShouldBeOfType<HttpCallResult.Answered>();
        (await calls.SendAsync(Get(url), default)).ShouldBeOfType<HttpCallResult.Answered>();

        asked.ShouldBe(["rebinding.example"], "one look-up for the connection, none between the check and its use");
        server.Calls.First().Headers["Host"].ShouldStartWith("rebinding.example");
    }

    [Fact]
    public async Task A_host_and_a_network_can_be_allowed()
    {
        await using var server = await ScriptedProvider.AnsweringAsync(200, "inside");
        var port = new Uri(server.Url).Port;

        using var byHost = Calls(new() { AllowedHosts = ["CRM.intranet"] }, "127.0.0.1");
        (await byHost.SendAsync(Get($"http://crm.intranet:{port}/"), default)).ShouldBeOfType<HttpCallResult.Answered>();
        (await byHost.SendAsync(Get($"http://other.intranet:{port}/"), default)).ShouldBeOfType<HttpCallResult.Refused>();
        using var byNetwork = Calls(new() { AllowedNetworks = ["127.0.0.1/32"] });
        (await byNetwork.SendAsync(Get($"http://[::ffff:127.0.0.1]:{port}/"), default)).ShouldBeOfType<HttpCallResult.Answered>();
        (await byNetwork.SendAsync(Get($"http://127.0.0.2:{port}/"), default)).ShouldBeOfType<HttpCallResult.Refused>();
    }

    [Theory]
    [InlineData("ftp://example.com/"), InlineData("file:///etc/passwd"), InlineData("gopher://example.com/"), InlineData("/relative"), InlineData(""), InlineData("http://"), InlineData("http://a\r\nb/")]
    [InlineData("http://user:pass@example.com/")]
    public async Task Only_web_addresses_without_a_user_are_taken(string url)
    {
        using var calls = Calls(Allowing());

        (await calls.SendAsync(Get(url), default)).ShouldBeOfType<HttpCallResult.Refused>().Code.ShouldBe("http_request_invalid");
    }

    [Theory]
    [InlineData("X-A", "1\r\nX-B: 2"), InlineData("X-A\r\nX-B", "1"), InlineData("X-A", "1\n2"), InlineData("X-A", "1\02"), InlineData("X A", "1"), InlineData("", "1"), InlineData("X-A", "Zoë")]
    [InlineData("Host", "internal"), InlineData("Content-Length", "0"), InlineData("transfer-encoding", "chunked"), InlineData("Connection", "close"), InlineData("Expect", "100-continue")]
    public async Task Headers_that_would_change_the_request_are_refused(string name, string value)
    {
        await using var server = await ScriptedProvider.AnsweringAsync(200, "");
        using var calls = Calls(Allowing());

        (await calls.SendAsync(Get(server.Url) with { Headers = [new(name, value)] }, default)).ShouldBeOfType<HttpCallResult.Refused>().Code.ShouldBe("http_request_invalid");

        server.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_authorization_and_a_method_are_checked()
    {
        using var calls = Calls(Allowing());
        var call = Get("http://example.com/");

        foreach (var wrong in new[] { call with { Authorization = "a b\r\nX: 1", ValidatesAuthorization = false }, call with { Authorization = ",,," }, call with { Method = "GET / HTTP/1.1" }, call with { Method = "TRACE" }, call with { Content = "x", ContentType = "text" } })
            (await calls.SendAsync(wrong, default)).ShouldBeOfType<HttpCallResult.Refused>().Code.ShouldBe("http_request_invalid");
    }

    [Fact]
    public async Task A_redirect_into_a_private_network_is_refused()
    {
        await using var inside = await ScriptedProvider.AnsweringAsync(200, "secret");
        await using var server = await RedirectingAsync(302, $"http://127.0.0.2:{new Uri(inside.Url).Port}/");

        using var calls = Calls(new() { AllowedNetworks = ["127.0.0.1/32"] });
        (await calls.SendAsync(Get(server.Url), default)).ShouldBeOfType<HttpCallResult.Refused>().Code.ShouldBe("http_address_refused");
        inside.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("file:///etc/passwd"), InlineData("ftp://example.com/"), InlineData("http://user:pass@example.com/"), InlineData("javascript:alert(1)")]
    public async Task A_redirect_to_what_is_no_web_address_is_refused(string target)
    {
        await using var server = await RedirectingAsync(302, target);

        (await RefusalAsync(Get(server.Url))).ShouldBe("http_redirect_refused");
    }

    [Fact]
    public async Task A_redirect_to_another_origin_carries_no_credentials()
    {
        await using var other = await ScriptedProvider.AnsweringAsync(200, "there");
        await using var server = await RedirectingAsync(307, other.Url + "/there");
        var call = new HttpCall("POST", server.Url, "body", "text/plain", "key") { Authorization = "Bearer s3cret", Headers = [new("Cookie", "a=b"), new("X-Api-Key", "k"), new("Accept", "text/plain")] };

        (await AnswerAsync(call)).StatusCode.ShouldBe(200);

        var first = server.Calls.ShouldHaveSingleItem().Headers;
        (first["Authorization"], first["Cookie"], first["X-Api-Key"]).ShouldBe(("Bearer s3cret", "a=b", "k"));
        var second = other.Calls.ShouldHaveSingleItem();
        (second.Method, second.Body, second.Headers["Accept"]).ShouldBe(("POST", "body", "text/plain"));
        second.Headers.Keys.ShouldNotContain("Authorization");
        second.Headers.Keys.ShouldNotContain("Cookie");
        second.Headers.Keys.ShouldNotContain("X-Api-Key");
    }

    [Theory]
    [InlineData(301, "GET", ""), InlineData(302, "GET", ""), InlineData(303, "GET", ""), InlineData(307, "POST", "body"), InlineData(308, "POST", "body")]
    public async Task A_redirect_of_a_post_goes_on_as_its_status_says(int status, string method, string body)
    {
        await using var server = await ScriptedProvider.StartAsync(context =>
        {
            if (context.Request.Path == "/new") return context.Response.WriteAsync("moved");
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/new";
            return Task.CompletedTask;
        });

        (await AnswerAsync(new("POST", server.Url + "/old", "body", "text/plain", "key") { Authorization = "Bearer s3cret" })).Content.GetString().ShouldBe("moved");

        var followed = server.Calls.Last();
        (followed.Method, followed.Body, followed.Headers["Authorization"]).ShouldBe((method, body, "Bearer s3cret"));
    }

    [Fact]
    public async Task Redirects_in_a_circle_end()
    {
        await using var server = await RedirectingAsync(302, "/");

        (await RefusalAsync(Get(server.Url))).ShouldBe("http_redirect_refused");
        server.Calls.Count.ShouldBe(6);
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task A_large_answer_is_not_taken(bool announced)
    {
        await using var server = await ScriptedProvider.StartAsync(async context =>
        {
            if (announced) context.Response.ContentLength = 1 << 20;
            for (var part = 0; part < 16; part++) await context.Response.Body.WriteAsync(new byte[1 << 16]);
        });
        using var calls = Calls(Allowing(most: 100_000));

        (await calls.SendAsync(Get(server.Url), default)).ShouldBeOfType<HttpCallResult.Refused>().Code.ShouldBe("http_response_too_large");
    }

    [Fact]
    public async Task A_packed_answer_is_not_unpacked()
    {
        await using var server = await ScriptedProvider.AnsweringAsync(200, "not really gzip", "application/json", ("Content-Encoding", "gzip"));

        (await AnswerAsync(Get(server.Url))).Content.GetString().ShouldBe(Convert.ToBase64String("not really gzip"u8));
        server.Calls.Single().Headers.Keys.ShouldNotContain("Accept-Encoding");
    }

    [Fact]
    public async Task Nobody_there_a_broken_connection_and_silence_are_told_apart()
    {
        await using var silent = await ScriptedProvider.SilentAsync();
        await using var resetting = await ScriptedProvider.ResettingAsync();
        using var calls = Calls(Allowing(seconds: 0.2));

        (await calls.SendAsync(Get("http://127.0.0.1:9/"), default)).ShouldBeOfType<HttpCallResult.NotConnected>();
        (await calls.SendAsync(Get(resetting.Url), default)).ShouldBeOfType<HttpCallResult.NotConnected>();
        (await calls.SendAsync(Get(silent.Url), default)).ShouldBeOfType<HttpCallResult.TimedOut>();
    }

    [Fact]
    public async Task A_cancelled_request_is_cancelled_and_not_late()
    {
        await using var silent = await ScriptedProvider.SilentAsync();
        using var calls = Calls(Allowing());
        using var cancelled = new CancellationTokenSource();

        var sending = calls.SendAsync(Get(silent.Url), cancelled.Token);
        await Eventually.Be(() => !silent.Calls.IsEmpty);
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => sending);
    }

    [Theory]
    [InlineData("GET", true, 3), InlineData("PUT", true, 3), InlineData("POST", true, 1), InlineData("GET", false, 1)]
    public async Task A_busy_server_is_asked_again_where_that_does_no_harm_and_was_asked_for(string method, bool retries, int calls)
    {
        var left = 2;
        await using var server = await ScriptedProvider.StartAsync(context =>
        {
            context.Response.StatusCode = Interlocked.Decrement(ref left) >= 0 ? 503 : 200;
            return Task.CompletedTask;
        });

        var answer = await AnswerAsync(new(method, server.Url, null, null, "key") { Retries = retries });

        (answer.StatusCode, server.Calls.Count).ShouldBe((calls == 3 ? 200 : 503, calls));
    }

    [Theory]
    [InlineData("0", 4), InlineData("3600", 1), InlineData("Thu, 31 Dec 2099 23:59:59 GMT", 1)]
    public async Task When_the_server_says_when_to_come_back_it_is_believed(string retryAfter, int calls)
    {
        await using var server = await ScriptedProvider.AnsweringAsync(429, "", "text/plain", ("Retry-After", retryAfter));

        (await AnswerAsync(Get(server.Url) with { Retries = true })).StatusCode.ShouldBe(429);

        server.Calls.Count.ShouldBe(calls);
    }

    [Theory]
    [InlineData("AllowedNetworks", "10.0.0.0/33"), InlineData("AllowedNetworks", "everything"), InlineData("AllowedHosts", "http://crm/"), InlineData("AllowedHosts", "")]
    public void Settings_that_mean_nothing_are_refused_at_the_start(string setting, string value)
    {
        var options = setting == "AllowedHosts" ? new OutgoingOptions { AllowedHosts = [value] } : new OutgoingOptions { AllowedNetworks = [value] };

        options.Validate(new(options)).ShouldHaveSingleItem().ErrorMessage.ShouldNotBeNull().ShouldStartWith($"Workflows__Http__{setting}");
    }

    private static HttpCall Get(string url) => new("GET", url, null, null, "key");

    private static OutgoingOptions Allowing(int most = 1 << 20, double seconds = 30) =>
        new() { AllowedNetworks = ["127.0.0.0/8", "::1/128"], MaxResponseBytes = most, TimeoutSeconds = seconds, RetryDelayMilliseconds = 1 };

    private static Task<ScriptedProvider> RedirectingAsync(int status, string target) => ScriptedProvider.StartAsync(context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = target;
        return Task.CompletedTask;
    });

    private async Task<HttpCallResult.Answered> AnswerAsync(HttpCall call)
    {
        using var calls = Calls(Allowing());
        return (await calls.SendAsync(call, default)).ShouldBeOfType<HttpCallResult.Answered>();
    }

    private async Task<string> RefusalAsync(HttpCall call)
    {
        using var calls = Calls(Allowing());
        return (await calls.SendAsync(call, default)).ShouldBeOfType<HttpCallResult.Refused>().Code;
    }

    private HttpCalls Calls(OutgoingOptions options, params string[] addresses)
    {
        var given = Options.Create(options);
        ResolveHost resolve = addresses.Length == 0 ? Dns.GetHostAddressesAsync : (host, _) =>
        {
            asked.Add(host);
            return Task.FromResult(Array.ConvertAll(addresses, IPAddress.Parse));
        };
        return new(new CheckedConnection(given, resolve), new CallRetries(given, TimeProvider.System), given, TimeProvider.System);
    }
}
