using System.Text;
using LeadSens.Server.Connections.Providers.HubSpot;
using LeadSens.Server.Webhooks;

namespace LeadSens.Server.Tests.Webhooks;

public sealed class HubSpotEventsTests
{
    [Fact]
    public void A_repetition_is_the_same_event_and_whatever_tells_something_else_is_another()
    {
        var told = Read(
            """{"eventId":1,"subscriptionId":5,"portalId":7,"subscriptionType":"contact.privacyDeletion","objectId":11,"occurredAt":1000,"attemptNumber":0}""",
            """{"eventId":1,"subscriptionId":5,"portalId":7,"subscriptionType":"contact.privacyDeletion","objectId":11,"occurredAt":1000,"attemptNumber":3}""",
            """{"eventId":1,"subscriptionId":5,"portalId":7,"subscriptionType":"contact.privacyDeletion","objectId":12,"occurredAt":1000,"attemptNumber":0}""",
            """{"portalId":7,"subscriptionType":"contact.privacyDeletion","objectId":13}""",
            """{"portalId":7,"subscriptionType":"contact.privacyDeletion","objectId":14}""");
        told.Select(one => one.DedupeKey).Distinct().Count().ShouldBe(4);
        told[0].DedupeKey.ShouldBe(told[1].DedupeKey);
    }

    [Fact]
    public void Half_a_character_is_no_event_and_no_error() => HubSpotEvents.Read(Encoding.UTF8.GetBytes("""[{"portalId":7,"subscriptionType":"\ud83d"}]"""), DateTimeOffset.UnixEpoch).ShouldBeNull();

    private static IReadOnlyList<IncomingEvent> Read(params string[] events) =>
        HubSpotEvents.Read(Encoding.UTF8.GetBytes($"[{string.Join(',', events)}]"), DateTimeOffset.UnixEpoch.AddYears(50)).ShouldNotBeNull();
}
