"""Words as contact lists have them, by language: what tells a right reading of a file's letters from a wrong one.

Names, towns and column names with letters beyond A to Z; enough of each language that its usual pairs of letters are
there. A reading in which the letters stand as they do here is believed before one in which they do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from types import MappingProxyType

WESTERN, CENTRAL, CYRILLIC, JAPANESE, CHINESE = "western", "central", "cyrillic", "japanese", "chinese"

_WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        WESTERN: {
            "german": "Müller Schäfer Köhler Krüger Groß Weiß Jürgen Günther Björn Jörg Käthe Bärbel Böhm Löwe Röder"
            " Schröder Schütz Möller Förster Jäger Bäcker Kräuter Großmann Strauß Voß Preuß Lübeck Köln Düsseldorf"
            " München Nürnberg Würzburg Münster Osnabrück Saarbrücken Göttingen Tübingen Lüneburg Fürth Zürich"
            " Österreich Straße Hauptstraße Größe für über Grüße Übung Änderung Ärztin Öffnung Überweisung Präsident"
            " Prüfung geprüft gelöscht Geschäft geschäftlich persönlich Währung Wünsche Schüler Gemäß Maß Fuß Süß"
            " Bürgermeister Länge Männer Höhe Rücken Stück Käse Hänsel Fährmann Währinger Grün Brühl Kühn Düring",
            "french": "François Françoise Hélène René Renée André Andrée Chloé Zoé Léa Théo Noël Gaël Joël Raphaël"
            " Agnès Thérèse Geneviève Jérôme Frédéric Frédérique Stéphane Stéphanie Valérie Benoît Maëlle Anaïs Loïc"
            " Célia Cédric Éric Émilie Étienne Édouard Éléonore Lefèvre Lefebvré Bérard Gérard Prévost Fournière Hébert"
            " Besançon Orléans Nîmes Béziers Sète Angoulême Mâcon Évreux Périgueux Saint-Étienne Montréal Québec"
            " Genève Liège Téléphone Prénom numéro Société Adresse électronique créé à dès où été après très déjà"
            " reçu français côté forêt hôtel Rhône Vendôme Château être cœur sœur Lacœuille Œuvre naïve août",
            "spanish": "José María Jesús Ángel Ángeles Óscar Íñigo Iñaki Begoña Sofía Lucía Raúl Joaquín Martín Agustín"
            " Adrián Julián Sebastián Tomás Nicolás Andrés Inés Mónica Verónica Víctor Héctor Rubén Belén Álvaro"
            " Ramírez Gutiérrez Hernández Fernández González Rodríguez López Pérez Gómez Martínez Sánchez Jiménez"
            " Álvarez Vázquez Núñez Muñoz Peña Ibáñez Ordóñez Zúñiga Castañeda Nuñez García Díaz Méndez Domínguez"
            " Málaga Cádiz Córdoba León Cáceres Ávila Almería Castellón Coruña Logroño Bogotá Medellín Cancún"
            " Querétaro México España Dirección Teléfono móvil Código país año señor niño número Mañana él también",
            "portuguese": "João José António Antônio Inês Luís Sérgio Cláudia Patrícia Mônica Débora Fábio Márcia"
            " Andréa Vitória Letícia Flávio Otávio Simão Sebastião Conceição Assunção Gonçalves Gonçalo Araújo Corrêa"
            " Magalhães Guimarães Simões Mendonça França Brandão Leitão Falcão Galvão Estêvão São Paulo Brasília"
            " Goiânia Belém Maceió Maranhão Ceará Amapá Pará Évora Setúbal Bragança Telemóvel Endereço cidade país"
            " não são informação ação inscrição opção Coração Mães pões avô avó três português você número código",
            "italian": "Niccolò Nicolò Mosè Noè Giosuè Forlì Città Cantù Nardò Cefalù Viganò Rondò Papà Università Società"
            " Libertà Qualità attività però perché più già così è né sarà potrà Lunedì Martedì Caffè Menù virtù",
            "nordic": "Åsa Åke Märta Göran Sören Björn Jörgen Håkan Mårten Pär Sjöberg Sjögren Lindström Åberg Öberg"
            " Nyström Bergström Söderberg Hägglund Ström Malmö Göteborg Västerås Örebro Linköping Jönköping Umeå"
            " Norrköping Gävle Växjö Luleå Bjørn Søren Jørgen Kåre Pål Ståle Håkon Øyvind Østergaard Sørensen Jørgensen"
            " Møller Nygård Kjær Bræ Næss Tromsø Bodø Ålesund Drøbak København Århus Ærø Helsingør Hillerød Køge"
            " Jyväskylä Hämeenlinna Mäkinen Hämäläinen Järvinen Mäkelä Väinö Päivi Näätänen Pöyry Töölö på är och för",
            "icelandic": "Þór Guðmundur Sigríður Björk Jóhann Ægir Guðrún Ragnheiður Þorsteinn Davíð Garðar Höfn Ísafjörður",
            "dutch": "Daniël Michaël Zoë Noëlle Loïs Renée Curaçao België coördinatie één Patiënt Reünie Chloë Joëlle",
            "catalan": "Núria Àlex Jordi Òscar Cèlia Francesc València Girona Lluís Mònica Sònia Gràcia Martí Fàbregas",
        },
        CENTRAL: {
            "polish": "Paweł Michał Łukasz Rafał Stanisław Władysław Zdzisław Mirosław Wiesław Bogusław Jarosław"
            " Małgorzata Grażyna Elżbieta Bożena Kaśka Zośka Józef Józefa Wójcik Wróbel Wróblewski Kowalczyk Kamiński"
            " Zieliński Wiśniewski Szymański Woźniak Kozłowski Jabłoński Król Mazur Dąbrowski Piątek Zając Głowacki"
            " Sikorski Błaszczyk Żak Źródło Ćwik Ślusarczyk Święty Świerczewski Łódź Łomża Kraków Gdańsk Poznań Wrocław"
            " Częstochowa Rzeszów Białystok Toruń Olsztyn Zielona Góra Gorzów Bielsko-Biała Śląsk Przemyśl Zgłoszenie"
            " imię kod miejscowość się jest będzie dziękuję proszę źle żółty gęś jaźń wąż książka dzień koń sześć część",
            "czech": "Jiří Jiřina Tomáš Ondřej Lukáš Aleš Miloš Zdeněk Zdeňka Stanislav Květa František Matěj Řehoř"
            " Dvořák Dvořáková Novák Nováková Svoboda Novotný Procházka Černý Černá Kučera Veselý Horák Němec Pokorný"
            " Růžička Beneš Fiala Sedláček Doležal Zeman Kolář Navrátil Čermák Urban Vaněk Blažek Kříž Kovář Bartoš"
            " Plzeň Třebíč Děčín Příbram Hradec Králové Žďár Břeclav Uherské Hradiště Zlín Český Krumlov Kroměříž"
            " Příjmení jméno ulice město země číslo souhlas zákazník tř. náměstí přítel děkuji žluťoučký kůň úpěl ďábelské",
            "slovak": "Ján Ľubomír Ľuboš Jozef Štefan Miloš Božena Žofia Kováč Horváth Tóth Baláž Košice Prešov Žilina Banská"
            " Nitra Piešťany Trenčín Mäsiar Päť Dĺžka Vŕba Tatranská Hôrka Kôň Priezvisko Mesto Číslo",
            "hungarian": "László József Zoltán István Sándor Gábor Attila Béla Jenő Ernő Dezső Győző Erzsébet Mária Éva"
            " Ágnes Ildikó Zsófia Tünde Kovács Szabó Tóth Kiss Németh Horváth Török Fülöp Szűcs Gyűrű Hűvös Fűrész Székely"
            " Győr Székesfehérvár Pécs Kecskemét Nyíregyháza Tatabánya Békéscsaba Debrecen Hódmezővásárhely Gödöllő"
            " Utca Név Telefonszám Vezetéknév Keresztnév Irányítószám Város Ország Őszi Örsi Üllői út Dátum időpont",
            "romanian": "Ştefan Ştefania Mihăilă Răzvan Cătălin Cătălina Mădălina Ionuţ Constanţa Braşov Iaşi Timişoara"
            " Ploieşti Piteşti Galaţi Bacău Târgu Mureş Sânziana Pârvu Câmpean Ţepeş Judeţ Adresă Număr Oraş Judeţul"
            " Bărbat Măria Dănuţ Păun Rădulescu Vlăduţ Ţara România",
            "croatian": "Željko Živko Đorđe Đurđica Šime Stipe Horvatić Kovačević Marković Petrović Jovanović Nikolić"
            " Babić Jurić Marić Božić Perić Knežević Tomić Vuković Pavlović Radić Šarić Lončar Kralj Župan Žagar"
            " Čačak Niš Šibenik Varaždin Požega Karlovac Bjelovar Đakovo Piščanec Križ Krčki Vrščaj Čeh Košir Žižek Kočevar",
        },
        CYRILLIC: {
            "russian": "Иван Иванов Иванова Пётр Петров Петрова Сергей Сергеев Сергеевна Александр Александрович Алексей"
            " Алексеевич Дмитрий Михаил Михайлов Андрей Николай Владимир Владимирович Екатерина Елена Ольга Наталья"
            " Татьяна Ирина Светлана Анна Мария Юлия Ксения Анастасия Кузнецов Смирнов Попов Васильев Соколов Лебедев"
            " Козлов Новиков Морозов Волков Соловьёв Зайцев Павлов Семёнов Голубев Виноградов Богданов Воробьёв Фёдоров"
            " Москва Санкт-Петербург Новосибирск Екатеринбург Казань Челябинск Самара Омск Ростов Уфа Красноярск Пермь"
            " Воронеж Волгоград улица город область телефон имя фамилия отчество адрес почта дата согласие страна",
            "ukrainian": "Іван Олександр Володимир Сергій Андрій Микола Наталія Ганна Оксана Їжак Євген Шевченко Коваленко"
            " Бондаренко Ткаченко Кравченко Олійник Київ Харків Львів Одеса Дніпро Запоріжжя прізвище вулиця місто ім'я",
            "bulgarian": "Георги Димитър Стоян Иванка Пенка Христо Йордан Цветелина Димитров Стоянов Николов Тодоров София"
            " Пловдив Варна Бургас Русе Плевен Търговище град улица дата мобилен",
            "serbian": "Јован Милош Ђорђе Драган Љубица Његош Шћепан Београд Нови Сад Крагујевац Петровић Јовановић",
        },
    }
)

HAN = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟"
    "熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文华建国志海玉红春梅晓东小"
    "北京上海广州深圳天津重庆市省区县路号街道镇村楼室南西中山河姓名电话手机码邮箱地址日期公司同意来源备注城国家是否男女客户年月大人"
)
"""Characters that Chinese contact lists are full of: family names, given names, places, column names."""

KANJI = frozenset(
    "佐藤鈴木高橋田中伊渡辺山本村小林加吉々松井上斎清水池石川森前阿部長谷近坂遠青西福太三岡後原野中島竹和酒工横宮内崎谷丸今河柴増千葉桜久保"
    "東京大阪府道県市区町都番号電話携帯氏名住所郵便姓前性別年月日登録同意会社様男女子美郎一二介健誠恵直樹真由浩裕明愛結翔太陽菜花香織奈"
)
"""The same for Japanese."""


@cache
def letters_of(group: str) -> frozenset[str]:
    """The letters beyond A to Z that the languages of a group use."""
    return frozenset(letter for word in _words(group) for letter in word if not letter.isascii() and letter.isalpha())


@cache
def pairs_of(group: str) -> frozenset[str]:
    """The pairs of letters, at least one of them beyond A to Z, that stand beside each other; `^` and `$` are a word's ends."""
    pairs: set[str] = set()
    for word in _words(group):
        framed = f"^{word}$"
        pairs.update(a + b for a, b in pairwise(framed) if not (a + b).isascii())
    return frozenset(pairs)


def _words(group: str) -> list[str]:
    return [
        word.casefold() if "ß" not in word else word.lower() for text in _WORDS[group].values() for word in text.split()
    ]
