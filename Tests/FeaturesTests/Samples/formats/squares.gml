<?xml version="1.0" encoding="utf-8" ?>
<ogr:FeatureCollection
     gml:id="aFeatureCollection"
     xmlns:ogr="http://ogr.maptools.org/"
     xmlns:gml="http://www.opengis.net/gml/3.2">
  <gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:IAU_2015::49900"><gml:lowerCorner>-40 -10.5</gml:lowerCorner><gml:upperCorner>75 175</gml:upperCorner></gml:Envelope></gml:boundedBy>

  <ogr:featureMember>
    <ogr:squares gml:id="squares.0">
      <gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:IAU_2015::49900"><gml:lowerCorner>20.25 -10.5</gml:lowerCorner><gml:upperCorner>30.0 -5.25</gml:upperCorner></gml:Envelope></gml:boundedBy>
      <ogr:geometryProperty><gml:Polygon srsName="urn:ogc:def:crs:IAU_2015::49900" gml:id="squares.geom.0"><gml:exterior><gml:LinearRing><gml:posList>20.25 -10.5 20.25 -5.25 30.0 -5.25 30.0 -10.5 20.25 -10.5</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></ogr:geometryProperty>
      <ogr:name>Ares</ogr:name>
      <ogr:size>12.5</ogr:size>
      <ogr:count>7</ogr:count>
    </ogr:squares>
  </ogr:featureMember>
  <ogr:featureMember>
    <ogr:squares gml:id="squares.1">
      <gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:IAU_2015::49900"><gml:lowerCorner>-40 170</gml:lowerCorner><gml:upperCorner>-35.5 175.0</gml:upperCorner></gml:Envelope></gml:boundedBy>
      <ogr:geometryProperty><gml:Polygon srsName="urn:ogc:def:crs:IAU_2015::49900" gml:id="squares.geom.1"><gml:exterior><gml:LinearRing><gml:posList>-40 170 -40 175 -35.5 175.0 -35.5 170.0 -40 170</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></ogr:geometryProperty>
      <ogr:name>Été &amp; &lt;b&gt;</ogr:name>
      <ogr:size>0.001</ogr:size>
      <ogr:count>-3</ogr:count>
    </ogr:squares>
  </ogr:featureMember>
  <ogr:featureMember>
    <ogr:squares gml:id="squares.2">
      <gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:IAU_2015::49900"><gml:lowerCorner>60 100</gml:lowerCorner><gml:upperCorner>75.0 120.75</gml:upperCorner></gml:Envelope></gml:boundedBy>
      <ogr:geometryProperty><gml:Polygon srsName="urn:ogc:def:crs:IAU_2015::49900" gml:id="squares.geom.2"><gml:exterior><gml:LinearRing><gml:posList>60 100 60.0 120.75 75.0 120.75 75 100 60 100</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></ogr:geometryProperty>
      <ogr:name>Cavi</ogr:name>
      <ogr:size xsi:nil="true"/>
      <ogr:count xsi:nil="true"/>
    </ogr:squares>
  </ogr:featureMember>
</ogr:FeatureCollection>
