using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LeadSens.Server.Calls;

/// <summary>One call, ready to be sent once.</summary>
internal readonly struct ProviderRequest(HttpMethod method, ProviderAccount account, Uri uri, CallEffect effect)
{
    public ProviderRequest(HttpMethod method, ProviderAccount account, string path, CallEffect effect)
        : this(method, account, new Uri(account.BaseUrl + path), effect) { }

    public HttpMethod Method => method;
    public ProviderAccount Account => account;
    public Uri Uri => uri;
    public CallEffect Effect => effect;

    /// <summary>JSON to send; null for a call without a body. Whoever sends the request gives the buffer back.</summary>
    public PooledBuffer? Body { get; init; }

    /// <summary>A form instead of JSON.</summary>
    public bool IsForm { get; init; }

    /// <summary>Headers beside the usual ones; the same array for every call of a kind.</summary>
    public KeyValuePair<string, string>[]? Headers { get; init; }

    public static PooledBuffer Form(params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var buffer = new PooledBuffer();
        var text = string.Join('&', fields.ToArray().Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value)}"));
        buffer.Advance(System.Text.Encoding.ASCII.GetBytes(text, buffer.GetSpan(text.Length)));
        return buffer;
    }

    public static PooledBuffer Json<T>(T value, JsonTypeInfo<T> type)
    {
        var buffer = new PooledBuffer();
        using var writer = new Utf8JsonWriter(buffer);
        JsonSerializer.Serialize(writer, value, type);
        return buffer;
    }
}
