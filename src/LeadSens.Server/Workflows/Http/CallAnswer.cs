using LeadSens.Engine.BuiltIn;

namespace LeadSens.Server.Workflows.Http;

/// <summary>Reads the answer to a box's request, as much of it as is allowed.</summary>
internal static class CallAnswer
{
    public static async Task<HttpCallResult> ReadAsync(HttpResponseMessage response, int most, CancellationToken cancellationToken)
    {
        if (response.RequestMessage?.Method != HttpMethod.Head && response.Content.Headers.ContentLength > most) return TooLarge(most);
        using var content = new MemoryStream();
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var part = new byte[16 * 1024];
        for (int read; (read = await stream.ReadAsync(part, cancellationToken)) > 0;)
        {
            // Counted as it arrives: a length that was not announced, or a false one, changes nothing.
            if (content.Length + read > most) return TooLarge(most);
            content.Write(part, 0, read);
        }

        // Never unpacked: a small answer could become a very large one.
        var packed = response.Content.Headers.ContentEncoding.Any(encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase));
        var parsed = HttpText.Read(response.Content.Headers.ContentType?.ToString(), content.GetBuffer().AsSpan(0, (int)content.Length), packed);
        return new HttpCallResult.Answered((int)response.StatusCode, Headers(response), parsed);
    }

    private static Dictionary<string, string[]> Headers(HttpResponseMessage response) => response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
        .GroupBy(header => header.Key, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(same => same.Key, same => same.SelectMany(header => header.Value).Select(value => value.Replace("\0", "", StringComparison.Ordinal)).ToArray(), StringComparer.OrdinalIgnoreCase);

    private static HttpCallResult.Refused TooLarge(int most) => new("http_response_too_large", $"The answer is larger than {most} bytes (Workflows__Http__MaxResponseBytes).");
}
