using LeadSens.Server.Operations;

namespace LeadSens.Server.Tests.Operations;

public sealed class SafePathTests
{
    [Theory]
    [InlineData("/approve/NUToXQfmfprb8Eo5ipC2BCzmi7TuOWcBhLAX9SbYAoQ", "/approve/***")]
    [InlineData("/api/invitations/lsi_NUToXQfmfprb8Eo5ipC2BCzmi7TuOWcB-hLAX9SbYAo", "/api/invitations/***")]
    [InlineData("/elsa/api/bookmarks/resume?t=secret&in=x", "/elsa/api/bookmarks/resume?***")]
    [InlineData("/api/campaigns/01940000-0000-7000-8000-000000000001/events", "/api/campaigns/01940000-0000-7000-8000-000000000001/events")]
    [InlineData("/elsa/api/workflow-definition-versions", "/elsa/api/workflow-definition-versions")]
    [InlineData("https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX", "https://hooks.slack.com/services/T00000000/B00000000/***")]
    [InlineData("https://a-rather-long-name.of-some-vendor.example/v2", "https://a-rather-long-name.of-some-vendor.example/v2")]
    public void What_looks_like_a_secret_is_left_out_of_addresses(string path, string safe) => SafePath.Of(path).ShouldBe(safe);
}
