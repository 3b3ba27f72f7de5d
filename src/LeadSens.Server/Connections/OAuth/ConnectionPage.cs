using LeadSens.Server.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Connections.OAuth;

/// <summary>What a person sees after coming back from a provider: a page without script and without anything from the address.</summary>
internal static class ConnectionPage
{
    public static ContentHttpResult Of(HttpContext context, int status, string title, string text) => PublicPage.Of(context, status, "en", PageContent.Message(title, text));
}
