using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Web;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Tests.Identity;

public sealed class AccessCacheTests
{
    private static readonly CredentialKey Key = CredentialKey.Of("bearer", Secret.HashOf("token"));
    private static readonly Guid Session = Guid.CreateVersion7(), User = Guid.CreateVersion7();
    private readonly SteppedTime time = new();
    private readonly AccessCache cache;
    private int reads;

    public AccessCacheTests() => cache = new(Options.Create(new WebOptions { AccessCacheSeconds = 3 }), time);

    [Fact]
    public async Task What_was_read_is_remembered_for_as_long_as_it_may_be()
    {
        cache.Hear();
        for (var request = 0; request < 5; request++) (await GetAsync("ada")).ShouldBe("ada");
        reads.ShouldBe(1);

        time.Step(TimeSpan.FromSeconds(3));
        cache.Hear();
        await GetAsync("ada");
        reads.ShouldBe(2);
        await GetAsync("ada", validFor: TimeSpan.FromSeconds(1), other: true);
        time.Step(TimeSpan.FromSeconds(1));
        await GetAsync("ada", other: true);
        reads.ShouldBe(4, "a token that ends sooner is remembered no longer than it is good");
    }

    [Fact]
    public async Task Without_news_every_request_asks()
    {
        await GetAsync("ada");
        await GetAsync("ada");
        reads.ShouldBe(2);
        cache.Hear();
        await GetAsync("ada");
        await GetAsync("ada");
        reads.ShouldBe(3);

        cache.Lose();
        await GetAsync("ada");
        await GetAsync("ada");
        reads.ShouldBe(5);
    }

    [Fact]
    public async Task A_connection_that_is_silent_for_too_long_counts_as_lost()
    {
        var patient = new AccessCache(Options.Create(new WebOptions { AccessCacheSeconds = 300 }), time);
        patient.Hear();
        patient.IsTold.ShouldBeTrue();

        time.Step(AccessNews.Silence);

        patient.IsTold.ShouldBeFalse();
    }

    [Theory]
    [InlineData("session")]
    [InlineData("user")]
    [InlineData("all")]
    public async Task What_changed_is_forgotten_and_nothing_else(string what)
    {
        cache.Hear();
        await GetAsync("ada");
        cache.Forget(Guid.CreateVersion7());
        await GetAsync("ada");
        reads.ShouldBe(1);

        cache.Forget(what == "session" ? Session : what == "user" ? User : null);

        await GetAsync("ada");
        reads.ShouldBe(2);
    }

    [Fact]
    public async Task What_was_read_before_a_change_is_not_stored_after_it()
    {
        cache.Hear();
        await cache.GetAsync<string>(Key, _ =>
        {
            // The change commits, and is told, between the read and the end of it.
            cache.Forget(Session);
            return Task.FromResult(new Read<string>("before", TimeSpan.MaxValue, Session, User));
        }, default);

        (await GetAsync("after")).ShouldBe("after");
    }

    [Fact]
    public async Task Whoever_is_refused_is_asked_for_each_time_and_a_flood_stays_bounded()
    {
        cache.Hear();
        (await cache.GetAsync<string>(Key, _ => Task.FromResult(default(Read<string>)), default)).ShouldBeNull();
        cache.Count.ShouldBe(0);

        for (var number = 0; number < 60_000; number++)
            await cache.GetAsync(CredentialKey.Of("bearer", Secret.HashOf($"{number}")), _ => Task.FromResult(new Read<string>("x", TimeSpan.MaxValue, Session, User)), default);

        cache.Count.ShouldBeLessThanOrEqualTo(20_000);
    }

    private ValueTask<string?> GetAsync(string value, TimeSpan? validFor = null, bool other = false) =>
        cache.GetAsync(other ? CredentialKey.Of("cookie", Session) : Key, _ =>
        {
            reads++;
            return Task.FromResult(new Read<string>(value, validFor ?? TimeSpan.MaxValue, Session, User));
        }, default);
}
