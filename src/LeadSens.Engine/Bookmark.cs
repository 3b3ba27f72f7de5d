using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Engine;

/// <summary>A wait that an activity asks for.</summary>
/// <param name="Name">Names the wait within the activity; a resumption carries it back.</param>
/// <param name="Key">The stimulus key that ends the wait. It names this one wait (a batch id, an approval id), except for broadcasts.</param>
/// <param name="Payload">Shown to a person who asks why the instance waits.</param>
public sealed record BookmarkRequest(string Name, string Key, JsonNode? Payload = null)
{
    /// <summary>When set, the engine resumes the bookmark by itself after this time (database clock).</summary>
    public TimeSpan? DueIn { get; init; }

    /// <summary>When true, a resumption leaves the bookmark in place for the next one, until the box ends: for many stimuli of one kind.</summary>
    public bool Stays { get; init; }

    /// <summary>What the user reads: for what the box waits.</summary>
    public string? WaitsFor { get; init; }
}

/// <summary>A stimulus that reached a bookmark: what an activity sees when it is resumed.</summary>
/// <param name="Id">The row of the durable inbox that the next commit consumes.</param>
/// <param name="BookmarkId">The bookmark that it burns.</param>
/// <param name="Payload">What the stimulus carried; undefined when nothing.</param>
public sealed record Resumption(Guid Id, Guid BookmarkId, JsonElement Payload);

/// <summary>Directed stimuli wait for their bookmark; broadcasts match only what is committed now.</summary>
public enum StimulusKind { Directed, Broadcast }

/// <summary>Something that happened and that an instance may wait for: a durable row.</summary>
/// <param name="Key">Equal to the key of the bookmarks (and triggers) that it resumes.</param>
/// <param name="DedupeKey">Unique; a second stimulus with it is dropped.</param>
public sealed record Stimulus(string Key, string DedupeKey, StimulusKind Kind = StimulusKind.Directed, JsonNode? Payload = null)
{
    /// <summary>Only this instance gets it; any when null.</summary>
    public Guid? InstanceId { get; init; }

    /// <summary>Only instances with this correlation id get it; any when null.</summary>
    public string? CorrelationId { get; init; }
}
